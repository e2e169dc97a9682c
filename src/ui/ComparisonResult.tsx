// A comparison that is running or has ended: its progress, curves and table.
import { runsOf } from '../store/comparison-rows'
import { allLeft } from '../store/queue-time'
import { isActive, isOver } from '../store/run'
import { Charts } from './Charts'
import { ComparisonTable } from './ComparisonTable'
import { RunPanel } from './RunPanel'
import { formatCount, formatDuration } from './format'
import { Icon } from './icons'
import { useRuns, useStudio } from './studio-context'
import { useText } from './text/text'
import type { View } from './view'

function Way({ id, go }: { id: string; go: (view: View) => void }) {
  const text = useText()
  const studio = useStudio()
  const all = useRuns()
  const runs = runsOf(all, id)
  const done = runs.filter(isOver).length
  const active = runs.find(isActive)
  const t = text.compare
  const left = allLeft(runs, all)
  const sayLeft = left.bare > 0 ? t.leftAtLeast : t.left
  const words = t.progress(formatCount(done, text), formatCount(runs.length, text))
  return (
    <>
      <section className="card" aria-label={t.title}>
        <div className="row-between">
          <span>
            <strong>{words}</strong>
            {left.unknown === 0 && <span className="muted"> {sayLeft(formatDuration(left.ms, text))}</span>}
          </span>
          <button type="button" className="button" data-testid="comparison-stop" onClick={() => void studio.stopComparison(id)}>
            <Icon name="stop" />
            {t.stopAll}
          </button>
        </div>
        <progress aria-label={words} max={runs.length} value={done} />
      </section>
      {active && <RunPanel run={active} go={go} />}
    </>
  )
}

export function ComparisonResult({ id, going, go }: { id: string; going: boolean; go: (view: View) => void }) {
  return (
    <>
      {going && <Way id={id} go={go} />}
      <ComparisonTable id={id} go={go} />
      <Charts comparison={id} />
    </>
  )
}
