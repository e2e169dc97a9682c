// One file that is chosen or not, with buttons to choose another and to remove it.
import type { PickedFile } from '../worker/api'
import { FileButton } from './FileButton'
import { useText } from './text/text'

interface FileChoiceProps {
  /** What the file is. */
  label: string
  testId: string
  file: PickedFile | undefined
  disabled: boolean
  onFile: (file: PickedFile | undefined) => void
}

export function FileChoice({ label, testId, file, disabled, onFile }: FileChoiceProps) {
  const t = useText().data.fileChoice
  return (
    <div className="field">
      <span className="label">{label}</span>
      <div className="button-row" role="group" aria-label={label}>
        <span className={file ? 'file-name' : 'muted'}>{file?.file.name ?? t.none}</span>
        <FileButton label={label} testId={testId} className="button-quiet" onFiles={([picked]) => onFile(picked)}>
          {file ? t.another : t.choose}
        </FileButton>
        {file && (
          <button type="button" className="button-quiet" disabled={disabled} onClick={() => onFile(undefined)}>
            {t.remove}
          </button>
        )}
      </div>
    </div>
  )
}
