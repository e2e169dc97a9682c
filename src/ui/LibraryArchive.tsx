// The whole library as one file, out and in again.
import { useState } from 'react'
import { useStore } from 'zustand'
import { ErrorMessage } from './ErrorMessage'
import { FileButton } from './FileButton'
import { formatBytes } from './format'
import { Icon } from './icons'
import { ProgressLine } from './ProgressLine'
import { saveFile } from './save-file'
import { useKept, useStudio } from './studio-context'
import { useSentence, useText } from './text/text'

function Outcome() {
  const text = useText()
  const t = text.library.archive
  const inWords = useSentence()
  const done = useStore(useStudio().archive.store, (s) => s.done)
  if (!done) return null
  const { counts, there, problems } = done
  const say = done.way === 'written' ? t.written : t.taken
  const words = [say(t.models(counts.models), t.data(counts.data), t.runs(counts.runs)), ...(there > 0 ? [t.there(there)] : [])]
  return (
    <>
      <p data-testid="archive-done">{text.together(words)}</p>
      {problems.length > 0 && (
        <div className="notice notice-warning">
          <div className="stack-small">
            <p>{t.leftOut}</p>
            <ul>
              {problems.map((problem, i) => (
                <li key={i}>{inWords(problem)}</li>
              ))}
            </ul>
          </div>
        </div>
      )}
    </>
  )
}

export function LibraryArchive() {
  const text = useText()
  const t = text.library.archive
  const { archive } = useStudio()
  const { doing, fraction, error } = useStore(archive.store)
  const [withModels, setWithModels] = useState(true)
  const modelBytes = useKept()
    .filter(({ kind }) => kind === 'model')
    .reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const write = async (): Promise<void> => {
    const blob = await archive.write(withModels)
    if (blob) saveFile(`tabtune-library-${new Date().toISOString().slice(0, 10)}.zip`, blob)
  }
  return (
    <section className="card" aria-labelledby="archive-title" data-testid="library-archive">
      <div className="view-head">
        <h2 id="archive-title">{t.title}</h2>
        <p className="muted">{t.lead}</p>
      </div>
      {modelBytes > 0 && (
        <label className="check">
          <input type="checkbox" checked={withModels} onChange={(e) => setWithModels(e.target.checked)} />
          {t.withModels(formatBytes(modelBytes))}
        </label>
      )}
      {doing ? (
        <ProgressLine label={t[doing]} progress={{ phase: 'saving', fraction }} onCancel={archive.stop} />
      ) : (
        <div className="button-row">
          <button type="button" className="button" data-testid="archive-write" onClick={() => void write()}>
            <Icon name="download" />
            {t.write}
          </button>
          <FileButton label={t.file} testId="archive-input" accept=".zip" onFiles={([picked]) => picked && void archive.read(picked.file)}>
            <Icon name="upload" />
            {t.read}
          </FileButton>
        </div>
      )}
      <div className="stack-small" role="status">
        <Outcome />
      </div>
      {error && <ErrorMessage message={error} onDismiss={archive.dismiss} />}
    </section>
  )
}
