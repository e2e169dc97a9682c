// How rows become examples: format, columns by hand, what is trained on, what is held out.
import type { DataOptions, DataReport } from '../worker/api'
import { usePickers } from './pickers'
import { useData, useStudio } from './studio-context'
import { useText } from './text/text'

const formats = ['auto', 'text', 'prompt-completion', 'instruction', 'messages', 'conversations', 'tokens'] as const
const shares = [0, 0.02, 0.05, 0.1, 0.2, 0.3]

function EvalFile({ disabled }: { disabled: boolean }) {
  const text = useText()
  const studio = useStudio()
  const pickers = usePickers()
  const { evalFile } = useData()
  return (
    <div className="field">
      <span className="label" id="eval-file-label">
        {text.data.evalFile}
      </span>
      <div className="button-row" role="group" aria-labelledby="eval-file-label">
        <span className={evalFile ? 'file-name' : 'muted'}>{evalFile?.file.name ?? text.data.evalFileNone}</span>
        <button type="button" className="button-quiet" disabled={disabled} onClick={pickers.evaluation}>
          {text.pick.evaluation}
        </button>
        {evalFile && (
          <button type="button" className="button-quiet" disabled={disabled} onClick={() => void studio.data.setEvalFile(undefined)}>
            {text.data.evalRemove}
          </button>
        )}
      </div>
    </div>
  )
}

export function DataOptionsForm({ report, disabled }: { report: DataReport | undefined; disabled: boolean }) {
  const text = useText()
  const studio = useStudio()
  const { options, evalFile } = useData()
  const set = (change: Partial<DataOptions>): void => void studio.data.setOptions(change)
  return (
    <div className="stack-small">
      <div className="fields fields-wide">
        <div className="field">
          <label htmlFor="data-format">{text.data.format}</label>
          <select
            id="data-format"
            value={options.format}
            disabled={disabled}
            onChange={(e) => set({ format: e.target.value as DataOptions['format'] })}
          >
            {formats.map((format) => (
              <option key={format} value={format}>
                {format === 'auto' && report ? `${text.data.formats.auto}: ${text.data.formats[report.format]}` : text.data.formats[format]}
              </option>
            ))}
          </select>
        </div>
        <div className="field">
          <label htmlFor="train-on">{text.data.trainOn}</label>
          <select
            id="train-on"
            value={options.trainOn}
            disabled={disabled}
            onChange={(e) => set({ trainOn: e.target.value as DataOptions['trainOn'] })}
          >
            {(['completion', 'all-assistant', 'everything'] as const).map((choice) => (
              <option key={choice} value={choice}>
                {text.data.trainOnOptions[choice]}
              </option>
            ))}
          </select>
        </div>
        {!evalFile && (
          <div className="field">
            <label htmlFor="hold-out">{text.data.holdOut}</label>
            <select id="hold-out" value={options.holdOut} disabled={disabled} onChange={(e) => set({ holdOut: Number(e.target.value) })}>
              {shares.map((share) => (
                <option key={share} value={share}>
                  {Math.round(share * 100)} %
                </option>
              ))}
            </select>
          </div>
        )}
        <EvalFile disabled={disabled} />
      </div>
    </div>
  )
}
