// The page explained in five short paragraphs.
import { useEffect, useRef } from 'react'
import { Icon } from './icons'
import { useText } from './text/text'

export function HelpDialog({ onClose }: { onClose: () => void }) {
  const text = useText()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} aria-labelledby="help-title" className="help-dialog" onClose={onClose}>
      <header className="row-between">
        <h2 id="help-title">{text.help.title}</h2>
        <button type="button" className="button-icon" aria-label={text.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {text.help.sections.map((section) => (
        <section key={section.title}>
          <h3>{section.title}</h3>
          <p>{section.body}</p>
        </section>
      ))}
    </dialog>
  )
}
