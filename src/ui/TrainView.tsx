// The run in progress, the curves of all, the table of all.
import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import { shownRun } from '../store/shown-run'
import { Charts } from './Charts'
import { DemoPanel } from './DemoPanel'
import { EmptyState } from './EmptyState'
import { RunBeside } from './EndedRun'
import { RunPanel } from './RunPanel'
import { RunQueue } from './RunQueue'
import { RunsTable } from './RunsTable'
import { useDemo, useStudio } from './studio-context'
import { useText } from './text/text'
import type { View } from './view'

/** Renders with every step of the run, and nothing around it does. */
function Panel({ id, go }: { id: string; go: (view: View) => void }) {
  const run = useStore(useStudio().runs.store, (s) => s.runs.find((r) => r.id === id))
  return run && <RunPanel run={run} go={go} />
}

export function TrainView({ go }: { go: (view: View) => void }) {
  const text = useText()
  const studio = useStudio()
  const demo = useDemo()
  const { there } = useStore(studio.tabs.store)
  const { own } = useStore(studio.shownRun.store)
  const { id: shown, beside } = useStore(
    studio.runs.store,
    useShallow((s) => shownRun(s.runs, there, own)),
  )
  const demoPanel = demo.kind === 'text' && demo.stage !== 'idle' && <DemoPanel go={go} />
  if (shown === undefined)
    return (
      <div className="view">
        <h1 className="visually-hidden">{text.views.train}</h1>
        {demoPanel || (
          <EmptyState
            icon="chart"
            title={text.train.emptyTitle}
            body={text.train.emptyBody}
            action={text.train.emptyAction}
            onAction={() => go('setup')}
          />
        )}
      </div>
    )
  return (
    <div className="view view-wide">
      <h1 className="visually-hidden">{text.views.train}</h1>
      {demoPanel}
      {beside !== undefined && <RunBeside id={beside} />}
      <Panel id={shown} go={go} />
      <RunQueue />
      <Charts />
      <RunsTable go={go} panel={shown} />
    </div>
  )
}
