// The files of the workbench: what each is for, and its lines that are not rows.
import { parts } from '../config/recipe'
import { autoHow, readHowFields } from '../config/read-how'
import type { BenchFile } from '../store/workbench-state'
import { PlaceLine } from './CopyLine'
import { FieldForm } from './FieldForm'
import { FileButton } from './FileButton'
import { formatCount } from './format'
import { Icon } from './icons'
import { useStudio, useWorkbench } from './studio-context'
import { useSentence, useText } from './text/text'

function BadLines({ report }: { report: NonNullable<BenchFile['report']> }) {
  const text = useText()
  const inWords = useSentence()
  const t = text.workbench
  if (report.problemCount === 0) return null
  return (
    <details>
      <summary className="problem">
        {report.problemCount === 1 ? t.badLinesOne : t.badLines(formatCount(report.problemCount, text))}
      </summary>
      <ul className="stack-small">
        {report.problems.slice(0, 20).map(({ line, reason }) => (
          <li key={line} className="help">
            {text.labelled(t.line(formatCount(line, text)), inWords(reason))}
          </li>
        ))}
      </ul>
    </details>
  )
}

function OpenFile({ file }: { file: BenchFile }) {
  const text = useText()
  const { workbench, keptWorkbench } = useStudio()
  const t = text.workbench
  const inWords = useSentence()
  const place = keptWorkbench.placeOf(file.id)
  const { name } = file.picked.file
  const how = file.how ?? autoHow
  const choose = (value: string): void => {
    const part = parts.find((each) => each === value)
    if (part) void workbench.setPart(file.id, part)
  }
  return (
    <li className="stack-small" data-testid="bench-file">
      <div className="bench-file">
        <div className="bench-file-name">
          <span className="file-name">{name}</span>
          {file.report && <span className="help">{t.rowsOf(formatCount(file.report.rows, text))}</span>}
        </div>
        <select aria-label={t.part(name)} value={file.part} onChange={(e) => choose(e.target.value)}>
          {parts.map((part) => (
            <option key={part} value={part}>
              {t.parts[part]}
            </option>
          ))}
        </select>
        <button type="button" className="button-icon" aria-label={t.removeFile(name)} onClick={() => void workbench.remove(file.id)}>
          <Icon name="close" />
        </button>
      </div>
      {file.report?.notes.map((note, i) => (
        <p key={i} className="help">
          {inWords(note)}
        </p>
      ))}
      {file.report && <BadLines report={file.report} />}
      {place && <PlaceLine place={place} testId="copy-bench" name={name} />}
      <details>
        <summary>{t.readHow}</summary>
        <FieldForm
          fields={readHowFields}
          values={how}
          advanced
          onChange={(key, value) => void workbench.readAs(file.id, { ...how, [key]: value })}
        />
      </details>
    </li>
  )
}

export function BenchFiles() {
  const t = useText().workbench
  const { workbench } = useStudio()
  const { files } = useWorkbench()
  return (
    <section className="card" aria-label={t.files}>
      <header className="card-head">
        <h2 className="card-title">{t.files}</h2>
        <FileButton
          label={t.filesInput}
          testId="bench-input"
          className="button-quiet"
          multiple
          onFiles={(picked) => void workbench.add(picked)}
        >
          {t.add}
        </FileButton>
      </header>
      <ul className="stack">
        {files.map((file) => (
          <OpenFile key={file.id} file={file} />
        ))}
      </ul>
    </section>
  )
}
