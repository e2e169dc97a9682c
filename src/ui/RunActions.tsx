// Actions for a run that has ended: download, chat, delete.
import { useState } from 'react'
import { hasAdapterWeights } from '../formats/adapter-type'
import { adapterTypes } from '../store/preferences-store'
import { type Run, canRemove } from '../store/run'
import { safeName } from '../store/safe-name'
import { ConfirmDialog } from './ConfirmDialog'
import { Icon } from './icons'
import { saveFile } from './save-file'
import { usePreferences, useStudio } from './studio-context'
import { useText } from './text/text'
import { useDownload } from './use-download'

function BestButton({ run, step, onClick }: { run: Run; step: number; onClick: () => void }) {
  const t = useText().runs
  return (
    <button
      type="button"
      className="button-quiet"
      data-testid="download-best"
      aria-label={t.downloadBestOf(run.name, String(step))}
      onClick={onClick}
    >
      <Icon name="download" />
      {t.bestAt(String(step))}
    </button>
  )
}

/** The number format of downloaded adapters, for all runs. */
function AdapterTypeSelect({ run }: { run: Run }) {
  const t = useText().runs
  const studio = useStudio()
  const { adapterType } = usePreferences()
  return (
    <select
      className="adapter-type"
      aria-label={t.adapterTypeOf(run.name)}
      title={t.adapterType}
      value={adapterType}
      onChange={(e) => studio.preferences.set({ adapterType: adapterTypes.find((type) => type === e.target.value) ?? adapterType })}
    >
      {adapterTypes.map((type) => (
        <option key={type} value={type}>
          {type.toUpperCase()}
        </option>
      ))}
    </select>
  )
}

export function RunActions({ run }: { run: Run }) {
  const text = useText()
  const studio = useStudio()
  const [asking, setAsking] = useState(false)
  const t = text.runs
  const name = safeName(run.name)
  const files = run.files ?? []
  const gguf = run.exports.includes('gguf') ? files.find((f) => f.path.endsWith('.gguf')) : undefined
  const download = useDownload()
  const downloadGguf = async (): Promise<void> => {
    const adapter = await studio.adapters.of(run.id)
    const file = adapter?.files.find((f) => f.path === gguf?.path)
    if (file) saveFile(`${name}.gguf`, new Blob([file.bytes]))
  }
  return (
    <div className="button-row button-row-flush run-actions">
      {files.length > 0 && (
        <button
          type="button"
          className="button-quiet"
          data-testid="download-zip"
          aria-label={t.downloadOf(run.name)}
          onClick={() => void download(run)}
        >
          <Icon name="download" />
          zip
        </button>
      )}
      {hasAdapterWeights(files) && <AdapterTypeSelect run={run} />}
      {run.best && <BestButton run={run} step={run.best.step} onClick={() => void download(run, 'best')} />}
      {gguf && (
        <button
          type="button"
          className="button-quiet"
          data-testid="download-gguf"
          aria-label={t.downloadGgufOf(run.name)}
          onClick={() => void downloadGguf()}
        >
          <Icon name="download" />
          GGUF
        </button>
      )}
      <button
        type="button"
        className="button-icon"
        disabled={!canRemove(run)}
        aria-label={t.removeOf(run.name)}
        title={run.status === 'elsewhere' ? text.train.elsewhere : t.remove}
        onClick={() => setAsking(true)}
      >
        <Icon name="trash" />
      </button>
      {asking && (
        <ConfirmDialog
          title={t.removeTitle(run.name)}
          body={t.removeBody}
          action={t.remove}
          onClose={() => setAsking(false)}
          onConfirm={() => {
            setAsking(false)
            void studio.remove(run.id)
          }}
        />
      )}
    </div>
  )
}
