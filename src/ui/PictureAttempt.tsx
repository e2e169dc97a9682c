// Try a model with one picture: chosen, dropped, pasted, or from the camera.
import { useCallback, useEffect, useRef, useState } from 'react'
import { baseColumn } from '../store/play-state'
import type { PickedFile } from '../worker/api'
import { AttentionMap } from './AttentionMap'
import { BaseCheck } from './BaseCheck'
import { EmptyState } from './EmptyState'
import { ErrorMessage } from './ErrorMessage'
import { FileButton } from './FileButton'
import { Probabilities } from './Probabilities'
import { ProgressLine } from './ProgressLine'
import { Icon } from './icons'
import { useBusy, useModel, usePlay, useRuns, useSorting, useStudio } from './studio-context'
import { useText } from './text/text'
import type { View } from './view'

/** Pictures in the clipboard, while the component is there. */
function usePaste(onFile: (file: PickedFile) => void): void {
  useEffect(() => {
    const paste = (event: ClipboardEvent): void => {
      const file = Array.from(event.clipboardData?.files ?? []).find(({ type }) => type.startsWith('image/'))
      if (file) onFile({ path: file.name, file })
    }
    window.addEventListener('paste', paste)
    return () => window.removeEventListener('paste', paste)
  }, [onFile])
}

/** The camera is asked for on a click, and turned off with the component. */
function Camera({ disabled, onFile }: { disabled: boolean; onFile: (file: PickedFile) => void }) {
  const t = useText().pictures.attempt
  const video = useRef<HTMLVideoElement>(null)
  const [stream, setStream] = useState<MediaStream>()
  const [refused, setRefused] = useState(false)
  useEffect(() => {
    if (video.current && stream) video.current.srcObject = stream
    return () => stream?.getTracks().forEach((track) => track.stop())
  }, [stream])
  async function begin(): Promise<void> {
    setRefused(false)
    try {
      setStream(await navigator.mediaDevices.getUserMedia({ video: true }))
    } catch {
      setRefused(true)
    }
  }
  function capture(): void {
    const from = video.current
    if (!from?.videoWidth) return
    const canvas = document.createElement('canvas')
    canvas.width = from.videoWidth
    canvas.height = from.videoHeight
    canvas.getContext('2d')?.drawImage(from, 0, 0)
    canvas.toBlob((blob) => {
      if (blob) onFile({ path: 'camera.png', file: new File([blob], 'camera.png', { type: 'image/png' }) })
    }, 'image/png')
  }
  return (
    <>
      <div className="button-row">
        {stream ? (
          <>
            <button type="button" className="button-primary" disabled={disabled} onClick={capture}>
              {t.capture}
            </button>
            <button type="button" className="button-quiet" onClick={() => setStream(undefined)}>
              {t.stopCamera}
            </button>
          </>
        ) : (
          <button type="button" className="button" data-testid="camera" onClick={() => void begin()}>
            {t.camera}
          </button>
        )}
      </div>
      {stream && <video ref={video} className="attempt-picture" autoPlay muted playsInline />}
      {refused && <ErrorMessage message={t.noCamera} onDismiss={() => setRefused(false)} />}
    </>
  )
}

/** The picture as the browser shows it. */
function Shown({ file }: { file: PickedFile }) {
  const image = useRef<HTMLImageElement>(null)
  useEffect(() => {
    const url = URL.createObjectURL(file.file)
    if (image.current) image.current.src = url
    return () => URL.revokeObjectURL(url)
  }, [file])
  return <img ref={image} className="attempt-picture" alt={file.path} data-testid="tried" />
}

export function PictureAttempt({ go }: { go: (view: View) => void }) {
  const text = useText()
  const t = text.pictures.attempt
  const { sorting, play } = useStudio()
  const { columns } = usePlay()
  const { tried, answers, running, progress, error } = useSorting()
  const model = useModel().report
  const busy = useBusy()
  const runs = useRuns().filter((run) => run.files !== undefined)
  const names = new Map([[baseColumn, model?.name ?? ''], ...runs.map(({ id, name }): [string, string] => [id, name])])
  const asked = columns.filter((column) => names.has(column))
  const key = asked.join()
  const attempt = useCallback(
    (file: PickedFile) => {
      if (!busy) void sorting.attempt(file, key === '' ? [] : key.split(','))
    },
    [busy, sorting, key],
  )
  usePaste(attempt)
  const answered = Object.keys(answers).length > 0
  // One picture is not worth counting.
  const asking = progress && { ...progress, rows: undefined }
  if (!model) return <EmptyState icon="eye" title={t.title} body={t.none} action={text.answers.emptyAction} onAction={() => go('setup')} />
  return (
    <section className="card" aria-label={t.title} data-testid="attempt">
      <h2>{t.title}</h2>
      <p className="muted">{text.together([t.lead, t.pasteHint])}</p>
      <fieldset>
        <legend>{t.models}</legend>
        <div className="button-row">
          {[...names].map(([id, name]) => (
            <label key={id} className="check">
              <input type="checkbox" checked={columns.includes(id)} onChange={() => play.toggle(id)} />
              {name}
            </label>
          ))}
        </div>
        {asked.length === 0 && (
          <p className="help" role="status" data-testid="nobody-asked">
            {t.nobody}
          </p>
        )}
      </fieldset>
      <BaseCheck />
      <div className="button-row">
        <FileButton label={t.choose} testId="attempt-input" accept="image/*" onFiles={([file]) => file && attempt(file)}>
          <Icon name="folder" />
          {t.choose}
        </FileButton>
      </div>
      <Camera disabled={busy} onFile={attempt} />
      {tried && <Shown file={tried} />}
      {running === 'trying' && <ProgressLine label={t.asking} progress={asking} onCancel={() => void sorting.stop()} />}
      {error && <ErrorMessage message={error} onDismiss={sorting.dismiss} />}
      <div className="class-grid" data-testid="attempt-answers">
        {Object.entries(answers).map(([column, answer]) => (
          <article key={column} aria-label={names.get(column)}>
            <h3>{names.get(column)}</h3>
            <Probabilities classes={answer.classes} probabilities={answer.probabilities} />
            {answer.attention && <AttentionMap attention={answer.attention} />}
          </article>
        ))}
      </div>
      {answered && !running && (
        <>
          <div className="button-row">
            <button type="button" className="button" data-testid="attend" disabled={busy} onClick={() => void sorting.attend()}>
              <Icon name="eye" />
              {t.attend}
            </button>
          </div>
          <p className="help">{t.attendHelp}</p>
        </>
      )}
    </section>
  )
}
