// Characters of the dataset that the model's vocabulary cannot write, and the person's consent to train with them.
import { unknownUndecided } from '../store/data-state'
import type { DataReport, UnknownReport } from '../worker/api'
import { formatCount, formatShare } from './format'
import { Icon } from './icons'
import { useData, useStudio } from './studio-context'
import { useText } from './text/text'

export function UnknownCharacters({ report, unknown }: { report: DataReport; unknown: UnknownReport }) {
  const text = useText()
  const t = text.data
  const studio = useStudio()
  const open = unknownUndecided(useData(), report)
  const { characters, count, rows, readAs } = unknown
  return (
    <div className={open ? 'notice notice-warning' : 'notice'} role="status" data-testid="unknown-characters">
      <Icon name="warning" />
      <div className="stack-small">
        <p>
          <strong>{text.labelled(rows === 1 ? t.unknownOne : t.unknown(formatCount(rows, text)), '')}</strong>{' '}
          {characters.map((character) => (
            <code key={character}>{character} </code>
          ))}
          {count > characters.length && t.unknownMore(formatCount(count - characters.length, text))}
        </p>
        <p>
          {readAs === undefined ? t.unknownLost : t.unknownRead(readAs, formatShare(unknown.trainedTokens, report.trainedTokens, text))}
          {!open && ` ${t.unknownAccepted}`}
        </p>
        {open && (
          <button type="button" className="button" data-testid="accept-unknown" onClick={() => studio.data.acceptUnknown(report)}>
            {t.unknownAccept}
          </button>
        )}
      </div>
    </div>
  )
}
