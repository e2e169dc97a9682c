// The colours in use, for what is drawn and not styled.
import { useSyncExternalStore } from 'react'
import { usePreferences } from './studio-context'

const dark = (): MediaQueryList => matchMedia('(prefers-color-scheme: dark)')

function subscribe(onChange: () => void): () => void {
  const query = dark()
  query.addEventListener('change', onChange)
  return () => query.removeEventListener('change', onChange)
}

/** A text that changes with the colours of the page. */
export function useScheme(): string {
  const { theme } = usePreferences()
  const isDark = useSyncExternalStore(subscribe, () => dark().matches)
  return `${theme} ${isDark}`
}
