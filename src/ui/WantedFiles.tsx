// What the workbench had before the page was closed, while files are asked for that this browser could not keep.
import type { WantedFile } from '../store/workbench-state'
import { FileButton } from './FileButton'
import { formatBytes, formatCount } from './format'
import { useStudio, useWorkbench } from './studio-context'
import { useText } from './text/text'

function Wanted({ file: { id, about, picked, changed } }: { file: WantedFile }) {
  const t = useText().workbench
  const { wanted } = useStudio().workbench
  const { name, sizeBytes } = about
  return (
    <li className="stack-small" data-testid="wanted-file">
      <div className="bench-file">
        <div className="bench-file-name">
          <span className="file-name">{name}</span>
          <span className="help">{picked ? t.isThere : t.isWanted(formatBytes(sizeBytes))}</span>
        </div>
      </div>
      {changed && (
        <p className="notice notice-warning" role="status">
          {t.isChanged}
        </p>
      )}
      {!picked && (
        <div className="button-row">
          {changed && (
            <button type="button" className="button" onClick={() => void wanted.takeChanged(id)}>
              {t.useChanged}
            </button>
          )}
          <FileButton label={t.chooseFile(name)} testId="wanted-input" onFiles={([chosen]) => void wanted.choose(id, chosen)}>
            {t.chooseShort}
          </FileButton>
          <button type="button" className="button-quiet" aria-label={t.leaveOutName(name)} onClick={() => void wanted.leaveOut(id)}>
            {t.leaveOut}
          </button>
        </div>
      )}
    </li>
  )
}

export function WantedFiles({ wanted }: { wanted: readonly WantedFile[] }) {
  const text = useText()
  const t = text.workbench
  const { workbench } = useStudio()
  const { steps } = useWorkbench().recipe.now
  return (
    <section className="card" aria-label={t.wantedTitle} data-testid="wanted-files">
      <h2>{t.wantedTitle}</h2>
      <p className="muted">{t.wantedBody(t.steps(steps.length, formatCount(steps.length, text)))}</p>
      <ul className="stack">
        {wanted.map((file) => (
          <Wanted key={file.id} file={file} />
        ))}
      </ul>
      <div className="button-row">
        {wanted.every(({ picked }) => picked) && (
          <button type="button" className="button-primary" onClick={() => void workbench.wanted.settle()}>
            {t.openWanted}
          </button>
        )}
        <button type="button" className="button-quiet" onClick={workbench.wanted.startAfresh}>
          {t.startAfresh}
        </button>
      </div>
    </section>
  )
}
