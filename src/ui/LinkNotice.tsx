// What happened to the settings in the address.
import { PageNotice } from './PageNotice'
import { useLink, useStudio } from './studio-context'
import { useText } from './text/text'

export function LinkNotice() {
  const text = useText()
  const studio = useStudio()
  const { waiting, refused } = useLink()
  if (!waiting && refused.length === 0) return null
  const told = waiting
    ? ({ kind: 'notice', words: text.link.waiting } as const)
    : ({ kind: 'warning', words: text.link.refused(text.listed(refused)) } as const)
  return <PageNotice told={told} testId="link-notice" onDismiss={studio.link.dismiss} />
}
