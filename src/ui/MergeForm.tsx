// An adapter becomes part of its base: which kind of file, and go.
import { useId, useState } from 'react'
import { ggufMixes } from '../config/run-reports'
import type { Run } from '../store/run'
import type { MergeForm as Form } from '../worker/api'
import { saveFile } from './save-file'
import { useStudio } from './studio-context'
import { useText } from './text/text'

/** `gguf`: the base is a GGUF file, so GGUF is offered first. */
export function MergeForm({ run, gguf, enabled }: { run: Run; gguf: boolean; enabled: boolean }) {
  const text = useText()
  const studio = useStudio()
  const id = useId()
  const files = ggufMixes.map((mix): Form => `gguf-${mix}`)
  const folders: Form[] = ['f16', 'bf16', 'f32']
  const forms = gguf ? [...files, ...folders] : [...folders, ...files]
  const [chosen, setChosen] = useState<Form>()
  const form = chosen && forms.includes(chosen) ? chosen : forms[0]!
  const t = text.adapters
  return (
    <details>
      <summary data-testid="merge-open">{t.merge}</summary>
      <div className="stack-small">
        <p className="help">{t.mergeHelp}</p>
        <div className="field">
          <label htmlFor={id}>{t.mergeForm}</label>
          <select id={id} data-testid="merge-form" value={form} onChange={(e) => setChosen(e.target.value as Form)}>
            {forms.map((f) => (
              <option key={f} value={f}>
                {t.mergeForms[f]}
              </option>
            ))}
          </select>
        </div>
        <button
          type="button"
          className="button"
          data-testid="merge-run"
          disabled={!enabled}
          onClick={() => void studio.merge(run.id, form, saveFile)}
        >
          {t.mergeRun}
        </button>
      </div>
    </details>
  )
}
