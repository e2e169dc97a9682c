// A demo's way in one card: its stages, and what it measured.
import { isPlaying } from '../store/demo-state'
import type { ExactMatch } from '../store/run'
import { DemoAccuracies } from './DemoAccuracies'
import { DemoEnd } from './DemoEnd'
import { ErrorMessage } from './ErrorMessage'
import { ProgressLine } from './ProgressLine'
import { formatCount, formatShare } from './format'
import { Icon } from './icons'
import { useDemo, useModel, useStudio } from './studio-context'
import { useText } from './text/text'
import type { View } from './view'

function Match({ title, match, testId }: { title: string; match: ExactMatch | undefined; testId: string }) {
  const text = useText()
  return (
    <div className="match">
      <p className="muted">{title}</p>
      <p className="match-share" data-testid={testId}>
        {match ? formatShare(match.matched, match.rows, text) : '–'}
      </p>
      <p className="muted">{match ? text.demo.exact(formatCount(match.matched, text), formatCount(match.rows, text)) : ''}</p>
    </div>
  )
}

export function DemoPanel({ go }: { go: (view: View) => void }) {
  const text = useText()
  const studio = useStudio()
  const demo = useDemo()
  const { kind, stage, progress, before, after, comparisonId, error } = demo
  const modelProgress = useModel().progress
  const working = isPlaying(demo)
  // The run shows its own progress.
  const trains = stage === 'training' || stage === 'comparing'
  return (
    <section className="card demo-panel" aria-label={text.demo.title} data-testid="demo-panel" data-stage={stage}>
      <header className="card-head">
        <span className={stage === 'done' ? 'step-number step-done' : 'step-number'}>
          <Icon name={stage === 'done' ? 'check' : 'spark'} />
        </span>
        <div className="card-title">
          <h2>{text.demo.title}</h2>
          <p className="card-subtitle">{text.demo.stages[stage]}</p>
        </div>
        {stage === 'done' && kind !== 'text' && (
          <button type="button" className="button-primary" onClick={() => go('answers')}>
            {text.demo.mistakes}
          </button>
        )}
        {!working && (
          <button type="button" className="button-icon" aria-label={text.dismiss} onClick={studio.demo.dismiss}>
            <Icon name="close" />
          </button>
        )}
      </header>
      {working && !trains && <ProgressLine label={text.demo.stages[stage]} progress={progress ?? modelProgress} />}
      {error && <ErrorMessage message={error} />}
      {kind !== 'text' && comparisonId !== undefined && (
        <DemoAccuracies comparisonId={comparisonId} reads={kind === 'words'} done={stage === 'done'} />
      )}
      {kind === 'text' && (
        <div className="matches">
          <Match title={text.demo.before} match={before} testId="exact-before" />
          <span className="match-arrow">
            <Icon name="arrow" />
          </span>
          <Match title={text.demo.after} match={after} testId="exact-after" />
        </div>
      )}
      {stage === 'done' && kind === 'text' && <DemoEnd go={go} />}
    </section>
  )
}
