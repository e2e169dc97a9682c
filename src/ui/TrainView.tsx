// The run in progress, the curves of all, the table of all.
import { useStore } from 'zustand'
import { type Run, isActive, isTrained } from '../store/run'
import { Charts } from './Charts'
import { DemoPanel } from './DemoPanel'
import { EmptyState } from './EmptyState'
import { RunPanel } from './RunPanel'
import { RunsTable } from './RunsTable'
import { useDemo, useRuns, useStudio } from './studio-context'
import { useText } from './text/text'
import type { View } from './view'

export function TrainView({ go }: { go: (view: View) => void }) {
  const text = useText()
  const runs = useRuns().filter(isTrained)
  const demo = useDemo()
  const { there } = useStore(useStudio().tabs.store)
  const waitsThere = (run: Run | undefined): boolean => run?.status === 'elsewhere' && there[run.id] === 'queued'
  const last = runs.findLast((r) => r.status !== 'imported') ?? runs[runs.length - 1]
  // Of the runs of another tab, the one that it trains.
  const trainedThere = waitsThere(last) ? runs.find((r) => r.status === 'elsewhere' && !waitsThere(r)) : undefined
  const shown = runs.find(isActive) ?? trainedThere ?? last
  const demoPanel = demo.stage !== 'idle' && <DemoPanel go={go} />
  if (!shown)
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
    <div className="view">
      <h1 className="visually-hidden">{text.views.train}</h1>
      {demoPanel}
      <RunPanel run={shown} />
      <Charts />
      <RunsTable />
    </div>
  )
}
