// In the panel of a run that has ended: what can be done with its adapter, and which run the panel is not about.
import { useStore } from 'zustand'
import { type Run, isOver } from '../store/run'
import { AdapterButtons } from './AdapterButtons'
import { useDemo, useGuide, useStudio } from './studio-context'
import { useText } from './text/text'
import type { View } from './view'

/** The end of the demo and that of the guide have these buttons, on the same page. */
export function EndedRun({ run, go }: { run: Run; go: (view: View) => void }) {
  const [demo, guide] = [useDemo(), useGuide()]
  const said = (demo.kind === 'text' && demo.stage === 'done' && demo.runId === run.id) || (guide.step === 'done' && guide.runId === run.id)
  if (!isOver(run) || !run.files || said) return null
  return <AdapterButtons run={run} go={go} place="run" />
}

/** The run that would be shown if this tab had not trained one itself. */
export function RunBeside({ id }: { id: string }) {
  const t = useText().train
  const studio = useStudio()
  const name = useStore(studio.runs.store, (s) => s.runs.find((run) => run.id === id)?.name ?? '')
  const trains = useStore(studio.runs.store, (s) => s.runs.find((run) => run.id === id)?.status === 'elsewhere')
  return (
    <div className="notice" data-testid="run-beside">
      <p role="status">{trains ? t.besideTrains(name) : t.besideEnded(name)}</p>
      <button type="button" className="button-quiet" onClick={studio.shownRun.leave}>
        {t.showBeside}
      </button>
    </div>
  )
}
