// The changes that would each make a run fit that does not, one click each.
import { useStore } from 'zustand'
import type { Run } from '../store/run'
import { memoryRefused } from '../store/run-ways'
import type { WayToFit } from '../worker/api'
import { formatBytes } from './format'
import { useBusy, useReadiness, useSetup, useStudio } from './studio-context'
import { useSentence, useText } from './text/text'

function Way({ way, onTake }: { way: WayToFit; onTake: (way: WayToFit) => void }) {
  const text = useText()
  const inWords = useSentence()
  return (
    <li>
      <button type="button" className="button-quiet" data-testid="way-to-fit" onClick={() => onTake(way)}>
        {inWords(way.words)}
      </button>{' '}
      <span className="muted">{text.memory.wayBytes(formatBytes(way.bytes))}</span> <span>{inWords(way.price)}</span>
    </li>
  )
}

function Ways({ ways, onTake }: { ways: readonly WayToFit[] | undefined; onTake: (way: WayToFit) => void }) {
  const t = useText().memory
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
          <Way key={way.words.key + way.words.values.join()} way={way} onTake={onTake} />
        ))}
      </ul>
    </>
  )
}

/** Of the run that is set up. */
export function WaysToFit() {
  const studio = useStudio()
  const { ways, memory } = useSetup()
  if (memory?.problem === undefined || memory.roomBytes === undefined) return null
  return <Ways ways={ways} onTake={(way) => void studio.takeWay(way)} />
}

/** Of a run whose memory the device refused when it started. A click sets up the run again, changed so. */
export function WaysOfRun({ run }: { run: Run }) {
  const t = useText().memory
  const { runWays } = useStudio()
  const { runId, ways } = useStore(runWays.store)
  const busy = useBusy()
  const loaded = useReadiness().obstacle?.card === undefined
  if (!memoryRefused(run) || !loaded) return null
  const take = (way: WayToFit): void => {
    void runWays.take(run, way)
    location.hash = 'setup'
  }
  if (runId === run.id) return <Ways ways={ways} onTake={take} />
  return (
    <button type="button" className="button" data-testid="find-ways" disabled={busy} onClick={() => void runWays.find(run)}>
      {t.findWays}
    </button>
  )
}
