// What a person sees of a run who is not looking at the page: its progress in the title, and a notification when the last run has ended.
import { useEffect, useRef } from 'react'
import { useStore } from 'zustand'
import { isActive } from '../store/run'
import { pageTitle } from './page-title'
import { usePreferences, useStudio } from './studio-context'
import { useText } from './text/text'

export function usePageTitle(): void {
  const text = useText()
  const title = useStore(useStudio().runs.store, (s) => pageTitle(s.runs.find(isActive), text))
  useEffect(() => {
    document.title = title
  }, [title])
}

/** Tells the person that no run is left, if they asked for it and do not look at the page. */
export function useEndNotice(): void {
  const text = useText()
  const studio = useStudio()
  const wanted = usePreferences().notify
  const { training, runId } = useStore(studio.activity)
  const last = useRef<string | undefined>(undefined)
  useEffect(() => {
    const ended = training ? undefined : studio.runs.find(last.current ?? '')
    last.current = training ? runId : undefined
    if (!ended || !wanted || document.hasFocus() || !('Notification' in window) || Notification.permission !== 'granted') return
    try {
      const notice = new Notification(text.train.announceStatus(ended.name, text.status[ended.status]), { tag: ended.id, icon: 'icon.svg' })
      notice.addEventListener('click', () => {
        window.focus()
        notice.close()
      })
    } catch {
      // Browsers on phones allow notifications to service workers only. The title still says that the run has ended.
    }
  }, [training, runId, wanted, studio, text])
}
