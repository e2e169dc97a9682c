// What a person should know before the run, and the way to the settings that it is about.
import type { MemoryReport } from '../worker/api'
import { GoTo } from './GoTo'
import { Icon } from './icons'
import { useSentence } from './text/text'

export function RunNotice({ memory: { notice, noticeSettings = [] } }: { memory: MemoryReport }) {
  const inWords = useSentence()
  if (!notice) return null
  return (
    <div className="run-notice">
      <Icon name="warning" />
      <p role="status" data-testid="run-notice">
        {inWords(notice)}
      </p>
      <GoTo settings={noticeSettings} />
    </div>
  )
}
