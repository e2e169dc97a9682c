// The model as it was understood, and how its base is held.
import type { ModelReport } from '../worker/api'
import { type BaseFormat, baseFormats } from '../config/run-config'
import { BaseCheck } from './BaseCheck'
import { CopyLine } from './CopyLine'
import { ErrorMessage } from './ErrorMessage'
import { KeptAgain } from './KeptAgain'
import { ProgressLine } from './ProgressLine'
import { StepCard } from './StepCard'
import { formatBytes, formatCompact, formatCount } from './format'
import { usePickers } from './pickers'
import { useModel, useStudio } from './studio-context'
import type { Text } from './text/en'
import { useSentence, useText } from './text/text'

/** Of a model that sorts pictures. */
function pictureFacts(
  report: ModelReport,
  { width, height, classes }: NonNullable<ModelReport['pictures']>,
  text: Text,
): [string, string][] {
  const t = text.model
  return [
    [t.architecture, t.architectureValue(report.family, String(report.layers), String(report.hidden))],
    [t.parameters, formatCompact(report.parameters, text)],
    [text.pictures.size, `${width} × ${height}`],
    [
      text.pictures.ownClasses,
      classes.length === 0
        ? text.pictures.classesRead
        : classes.every((name, i) => name === `LABEL_${i}`)
          ? String(classes.length)
          : text.listed(classes.slice(0, 12)),
    ],
    [t.licence, report.licence ?? t.licenceUnknown],
    [t.size, t.sizeValue(formatBytes(report.fileBytes), formatBytes(report.gpuBytes))],
  ]
}

function Facts({ report }: { report: ModelReport }) {
  const text = useText()
  const t = text.model
  const facts: [string, string][] = report.pictures
    ? pictureFacts(report, report.pictures, text)
    : [
        [t.architecture, t.architectureValue(report.family, String(report.layers), String(report.hidden))],
        [t.parameters, formatCompact(report.parameters, text)],
        [t.context, t.tokens(formatCount(report.context, text))],
        [t.vocabulary, t.vocabularyValue(formatCount(report.vocab, text), report.tied)],
        [t.heads, t.headsValue(String(report.heads), String(report.kvHeads))],
        [t.tokenizer, report.tokenizer === 'none' ? t.tokenizerNone : report.tokenizer],
        [t.template, report.chatTemplate ? t.templateYes : t.templateNo],
        [t.licence, report.licence ?? t.licenceUnknown],
        [t.size, t.sizeValue(formatBytes(report.fileBytes), formatBytes(report.gpuBytes))],
      ]
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function FormatsTable({ report }: { report: ModelReport }) {
  const text = useText()
  return (
    <details>
      <summary>{text.labelled(text.model.formats, text.listed(report.formats.map((f) => f.format)))}</summary>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{text.model.format}</th>
            <th scope="col" className="number">
              {text.model.tensors}
            </th>
            <th scope="col" className="number">
              {text.model.bytes}
            </th>
          </tr>
        </thead>
        <tbody>
          {report.formats.map((f) => (
            <tr key={f.format}>
              <th scope="row">{f.format}</th>
              <td className="number">{formatCount(f.tensors, text)}</td>
              <td className="number">{formatBytes(f.bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}

function BaseChoice({ report, disabled }: { report: ModelReport; disabled: boolean }) {
  const text = useText()
  const studio = useStudio()
  return (
    <div className="field">
      <label htmlFor="base-format">{text.model.base}</label>
      <select
        id="base-format"
        value={report.base}
        disabled={disabled}
        aria-describedby="base-format-help"
        onChange={(e) => void studio.reloadModel(e.target.value as BaseFormat)}
      >
        {baseFormats.map((format) => (
          <option key={format} value={format}>
            {text.model.bases[format]}
          </option>
        ))}
      </select>
      <p id="base-format-help" className="help">
        {text.model.baseHelp}
      </p>
    </div>
  )
}

export function ModelCard({ disabled }: { disabled: boolean }) {
  const text = useText()
  const studio = useStudio()
  const pickers = usePickers()
  const inWords = useSentence()
  const { report, files, loading, progress, pendingName, error } = useModel()
  const pick = (
    <div className="button-row">
      <button type="button" className={report ? 'button-quiet' : 'button'} disabled={disabled} onClick={pickers.model}>
        {report ? text.pick.another : text.pick.files}
      </button>
      <button type="button" className={report ? 'button-quiet' : 'button'} disabled={disabled} onClick={pickers.folder}>
        {text.pick.folder}
      </button>
    </div>
  )
  return (
    <StepCard
      number={1}
      title={text.model.title}
      subtitle={report?.name}
      done={report !== undefined && !loading}
      actions={report && pick}
      testId="model-drop"
    >
      {error && <ErrorMessage message={error} onDismiss={studio.model.dismissError} />}
      {loading && (
        <ProgressLine label={text.model.loading(pendingName ?? '')} progress={progress} onCancel={() => void studio.model.cancel()} />
      )}
      {!report && !loading && (
        <div className="drop-spot">
          <p>{text.model.empty}</p>
          {files.length > 0 && (
            <button type="button" className="button-primary" onClick={() => void studio.openModel(files)}>
              {text.model.again}
            </button>
          )}
          {pick}
          <KeptAgain kinds={['model']} />
        </div>
      )}
      {report && (
        <div data-testid="model-summary" className="stack">
          <Facts report={report} />
          <FormatsTable report={report} />
          {report.quantised && <p className="help">{text.ended(inWords(report.quantised))}</p>}
          {report.leftOut && <p className="help">{text.ended(inWords(report.leftOut))}</p>}
          {report.unusedTemplates && <p className="help">{text.ended(inWords(report.unusedTemplates))}</p>}
          {report.chatTemplate && (
            <details>
              <summary>{text.model.templateShow}</summary>
              <pre className="template" tabIndex={0}>
                {report.chatTemplate}
              </pre>
            </details>
          )}
          <BaseChoice report={report} disabled={disabled || loading} />
          <BaseCheck />
          <CopyLine of="model" />
        </div>
      )}
    </StepCard>
  )
}
