// The run in progress, the curves of all, the table of all.
import { useStore } from 'zustand'
import { type Run, isActive, isTrained } from '../store/run'
import { Charts } from './Charts'
import { DemoPanel } from './DemoPanel'
import { EmptyState } from './EmptyState'
import { RunPanel } from './RunPanel'
import { RunQueue } from './RunQueue'
import { RunsTable } from './RunsTable'
import { useDemo, useStudio } from './studio-context'
import { useText } from './text/text'
import type { View } from './view'

/** The run that the view is about: the one that trains here, then one that another tab trains, then the newest. */
function shownRun(runs: readonly Run[], there: Record<string, Run['status']>): Run | undefined {
  const trained = runs.filter(isTrained)
  const waitsThere = (run: Run | undefined): boolean => run?.status === 'elsewhere' && there[run.id] === 'queued'
  const last = trained.findLast((r) => r.status !== 'imported') ?? trained[trained.length - 1]
  // Of the runs of another tab, the one that it trains.
  const trainedThere = waitsThere(last) ? trained.find((r) => r.status === 'elsewhere' && !waitsThere(r)) : undefined
  return trained.find(isActive) ?? trainedThere ?? last
}

/** Renders with every step of the run, and nothing around it does. */
function Panel({ id }: { id: string }) {
  const run = useStore(useStudio().runs.store, (s) => s.runs.find((r) => r.id === id))
  return run && <RunPanel run={run} />
}

export function TrainView({ go }: { go: (view: View) => void }) {
  const text = useText()
  const studio = useStudio()
  const demo = useDemo()
  const { there } = useStore(studio.tabs.store)
  const shown = useStore(studio.runs.store, (s) => shownRun(s.runs, there)?.id)
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
      <Panel id={shown} />
      <RunQueue />
      <Charts />
      <RunsTable go={go} panel={shown} />
    </div>
  )
}
