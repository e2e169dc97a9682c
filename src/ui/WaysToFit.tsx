// The changes that would each make a run fit that does not, one click each.
import type { WayToFit } from '../worker/api'
import { formatBytes } from './format'
import { useSetup, useStudio } from './studio-context'
import { useSentence, useText } from './text/text'

function Way({ way }: { way: WayToFit }) {
  const text = useText()
  const inWords = useSentence()
  const studio = useStudio()
  return (
    <li>
      <button type="button" className="button-quiet" data-testid="way-to-fit" onClick={() => void studio.takeWay(way)}>
        {inWords(way.words)}
      </button>{' '}
      <span className="muted">{text.memory.wayBytes(formatBytes(way.bytes))}</span> <span>{inWords(way.price)}</span>
    </li>
  )
}

export function WaysToFit() {
  const t = useText().memory
  const { ways, memory } = useSetup()
  if (memory?.problem === undefined || memory.roomBytes === undefined) return null
  if (!ways)
    return (
      <p className="muted" role="status">
        {t.findingWays}
      </p>
    )
  if (ways.length === 0) return <p className="muted">{t.noWays}</p>
  return (
    <>
      <p className="muted">{t.ways}</p>
      <ul className="ways-to-fit" aria-label={t.ways}>
        {ways.map((way) => (
          <Way key={way.words.key + way.words.values.join()} way={way} />
        ))}
      </ul>
    </>
  )
}
