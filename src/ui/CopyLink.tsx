// The address of this set-up, for somebody else.
import { useState } from 'react'
import { Icon } from './icons'
import { useText } from './text/text'

export function CopyLink() {
  const text = useText()
  const [told, setTold] = useState('')
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(location.href)
      setTold(text.link.copied)
    } catch {
      setTold(text.link.notCopied)
    }
  }
  return (
    <div className="button-row">
      <button type="button" className="button-quiet" data-testid="copy-link" title={text.link.help} onClick={() => void copy()}>
        <Icon name="copy" />
        {text.link.copy}
      </button>
      <span role="status" className="muted">
        {told}
      </span>
    </div>
  )
}
