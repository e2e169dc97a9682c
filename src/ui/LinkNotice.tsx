// What became of the settings that the address brought.
import { useLink, useStudio } from './studio-context'
import { Icon } from './icons'
import { useText } from './text/text'

export function LinkNotice() {
  const text = useText()
  const studio = useStudio()
  const { waiting, refused } = useLink()
  if (!waiting && refused.length === 0) return null
  return (
    <div className="notice page-notice" role="status" data-testid="link-notice">
      <p>{waiting ? text.link.waiting : text.link.refused(refused.join(', '))}</p>
      <button type="button" className="button-icon" aria-label={text.dismiss} onClick={studio.link.dismiss}>
        <Icon name="close" />
      </button>
    </div>
  )
}
