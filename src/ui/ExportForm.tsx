// What was trained goes elsewhere: the adapter for another program, or the run for an engine on many machines.
import { useId, useState } from 'react'
import { adapterTargets } from '../config/run-reports'
import type { Run } from '../store/run'
import { knowsTraining } from '../store/run'
import { saveFile } from './save-file'
import { useStudio } from './studio-context'
import { useText } from './text/text'
import { useAskedFirst } from './use-asked-first'

const elsewhere = 'run'
type Target = (typeof adapterTargets)[number] | typeof elsewhere

/** `fits`: the loaded model is that of the run. `enabled`: no other task is under way. */
export function ExportForm({ run, fits, enabled }: { run: Run; fits: boolean; enabled: boolean }) {
  const t = useText().adapters
  const studio = useStudio()
  const id = useId()
  const own = knowsTraining(run) && run.status !== 'imported'
  const targets: readonly Target[] = [...(run.files ? adapterTargets : []), ...(own ? ([elsewhere] as const) : [])]
  const [chosen, setChosen] = useState<Target>()
  const { begin, question } = useAskedFirst(run, () => studio.exporting.run(run.id, saveFile))
  const target = chosen && targets.includes(chosen) ? chosen : targets[0]
  if (target === undefined) return null
  const start = (): void => {
    void (target === elsewhere ? begin() : studio.exporting.adapter(run.id, target, saveFile))
  }
  return (
    <details>
      <summary data-testid="export-open">{t.export}</summary>
      <div className="stack-small">
        <div className="field">
          <label htmlFor={id}>{t.exportFor}</label>
          <select
            id={id}
            data-testid="export-target"
            value={target}
            onChange={(e) => setChosen(targets.find((one) => one === e.target.value))}
          >
            {targets.map((one) => (
              <option key={one} value={one}>
                {t.exportTargets[one]}
              </option>
            ))}
          </select>
        </div>
        <p className="help">{t.exportHelp[target]}</p>
        <button
          type="button"
          className="button"
          data-testid="export-run"
          disabled={!enabled || (target !== elsewhere && !fits)}
          onClick={start}
        >
          {t.exportRun}
        </button>
        {question}
      </div>
    </details>
  )
}
