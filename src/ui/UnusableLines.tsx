// Lines of the dataset that cannot be used, and the person's consent to leave them out.
import { problemsUndecided } from '../store/data-state'
import type { DataReport } from '../worker/api'
import { formatCount } from './format'
import { Icon } from './icons'
import { useData, useStudio } from './studio-context'
import { useSentence, useText } from './text/text'

const shownProblems = 10

export function UnusableLines({ report }: { report: DataReport }) {
  const text = useText()
  const studio = useStudio()
  const inWords = useSentence()
  const t = text.data
  const skipped = !problemsUndecided(useData(), report)
  const listed = report.problems.slice(0, shownProblems)
  return (
    <div className={skipped ? 'notice' : 'notice notice-warning'} role="status">
      <Icon name="warning" />
      <div className="stack-small">
        <p>
          <strong>{text.ended(report.problemCount === 1 ? t.problemsOne : t.problems(formatCount(report.problemCount, text)))}</strong>{' '}
          {skipped && (report.problemCount === 1 ? t.skippedOne : t.skipped)}
        </p>
        <ul className="problem-list">
          {listed.map((p) => (
            <li key={p.line}>{text.labelled(t.problemLine(formatCount(p.line, text)), inWords(p.reason))}</li>
          ))}
          {report.problemCount > listed.length && (
            <li className="muted">{t.problemsMore(formatCount(report.problemCount - listed.length, text))}</li>
          )}
        </ul>
        {!skipped && report.rows > 0 && (
          <button type="button" className="button" data-testid="train-on-rest" onClick={() => studio.data.acceptProblems(report)}>
            {report.rows === 1 ? t.skipToOne : t.skip(formatCount(report.rows, text))}
          </button>
        )}
      </div>
    </div>
  )
}
