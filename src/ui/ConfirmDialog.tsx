// A question before something is gone for good.
import { useEffect, useId, useRef } from 'react'
import { useText } from './text/text'

interface Props {
  title: string
  body: string
  action: string
  onConfirm: () => void
  onClose: () => void
}

export function ConfirmDialog({ title, body, action, onConfirm, onClose }: Props) {
  const text = useText()
  const id = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={onClose}>
      <h2 id={id}>{title}</h2>
      <p>{body}</p>
      <div className="dialog-buttons">
        <button type="button" className="button" onClick={onClose}>
          {text.cancel}
        </button>
        <button type="button" className="button-danger" onClick={onConfirm}>
          {action}
        </button>
      </div>
    </dialog>
  )
}
