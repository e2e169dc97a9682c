// Copies a text, and says whether that worked.
import { useState } from 'react'
import { Icon } from './icons'
import { useText } from './text/text'

export function CopyButton({ label, content }: { label: string; content: string }) {
  const t = useText().play
  const [told, setTold] = useState('')
  const copy = (): void => {
    navigator.clipboard.writeText(content).then(
      () => setTold(t.copied),
      () => setTold(t.notCopied),
    )
  }
  return (
    <>
      <button type="button" className="button-quiet" aria-label={label} onClick={copy}>
        <Icon name="copy" />
        {t.copy}
      </button>
      <span role="status" className="muted">
        {told}
      </span>
    </>
  )
}
