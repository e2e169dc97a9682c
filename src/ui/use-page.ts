// Hooks of the whole page: theme, leaving guard, keys, announcements.
import { useEffect } from 'react'
import { useStore } from 'zustand'
import { type Run, isActive, isHeld, isTrained } from '../store/run'
import { formatShare } from './format'
import { useActivity, usePreferences, useStudio, useUnkeptAnswers, useUnsavedSteps } from './studio-context'
import type { Text } from './text/en'
import { useText } from './text/text'

/** The chosen theme on the document; `system` leaves it to the browser. */
export function useTheme(): void {
  const { theme } = usePreferences()
  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = theme
  }, [theme])
}

/** Asks before the page closes during a run, or with steps or answers of the workbench that are neither kept, used nor downloaded. */
export function useLeavingGuard(): void {
  const training = useActivity().training
  const unsaved = useUnsavedSteps()
  const unkept = useUnkeptAnswers()
  const asks = training || unsaved || unkept
  useEffect(() => {
    if (!asks) return
    const guard = (event: BeforeUnloadEvent): void => event.preventDefault()
    window.addEventListener('beforeunload', guard)
    return () => window.removeEventListener('beforeunload', guard)
  }, [asks])
}

/** Keeps the screen on during training, because a sleeping machine stops the GPU. */
export function useWakeLock(): void {
  const busy = useActivity().training
  useEffect(() => {
    if (!busy || !('wakeLock' in navigator)) return
    let lock: WakeLockSentinel | undefined
    let over = false
    const request = async (): Promise<void> => {
      if (document.visibilityState !== 'visible') return
      try {
        const given = await navigator.wakeLock.request('screen')
        if (over) await given.release()
        else lock = given
      } catch {
        // A browser that saves power may refuse. Training continues without the lock.
      }
    }
    const again = (): void => void request()
    again()
    // The browser takes the lock away when the page is hidden.
    document.addEventListener('visibilitychange', again)
    return () => {
      over = true
      document.removeEventListener('visibilitychange', again)
      void lock?.release()
    }
  }, [busy])
}

const ownSpace = 'input, textarea, select, button, a, summary, dialog, [contenteditable], [tabindex]'

/** Space pauses and resumes, unless the focused element uses the key itself. */
export function usePauseKey(): void {
  const studio = useStudio()
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.code !== 'Space' || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return
      if (event.target instanceof Element && event.target.closest(ownSpace)) return
      const run = studio.queue.active()
      if (!run) return
      event.preventDefault()
      void (isHeld(run) ? studio.queue.resume() : studio.queue.pause())
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [studio])
}

/** Calls `open` when a person presses ?, unless they are writing or a dialog is open. */
export function useHelpKey(open: () => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key !== '?' || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return
      if (event.target instanceof Element && event.target.closest('input, textarea, select, dialog, [contenteditable]')) return
      event.preventDefault()
      open()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [open])
}

/** The announcement of runs to screen readers: each change of status, and every tenth of the steps. */
export function useAnnouncement(): string {
  const text = useText()
  return useStore(useStudio().runs.store, (s) => announcement(s.runs.filter(isTrained), text))
}

function announcement(runs: readonly Run[], text: Text): string {
  const run = runs.find(isActive) ?? runs[runs.length - 1]
  if (!run) return ''
  const tenths = run.last ? Math.floor((10 * run.last.step) / run.last.steps) : 0
  if (run.status === 'training' && tenths > 0) return text.train.announce(run.name, formatShare(tenths, 10, text))
  return text.train.announceStatus(run.name, text.status[run.status])
}
