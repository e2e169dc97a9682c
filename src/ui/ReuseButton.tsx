// Sets a new run up like one that was.
import { useStore } from 'zustand'
import { type Run, knowsTraining } from '../store/run'
import { useBusy, useModel, useStudio } from './studio-context'
import { useText } from './text/text'
import type { View } from './view'

export function ReuseButton({ run, go }: { run: Run; go: (view: View) => void }) {
  const t = useText().runs
  const studio = useStudio()
  const known = useStore(studio.setup.store, (s) => s.methods.some(({ name }) => name === run.config.method))
  const base = useModel().report?.base
  const busy = useBusy()
  if (!knowsTraining(run)) return null
  // Another base precision makes the engine load the model again.
  const waits = busy && base !== run.model.base
  return (
    <button
      type="button"
      className="button-quiet"
      data-testid="reuse"
      aria-label={t.reuseOf(run.name)}
      title={waits ? t.reuseLater : t.reuseHelp}
      disabled={!known || waits}
      onClick={() => void studio.takeSettings(run).then((taken) => taken && go('setup'))}
    >
      {t.reuse}
    </button>
  )
}
