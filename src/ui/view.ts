// The open view. The address contains it, so that back and reload work.
import { useCallback, useSyncExternalStore } from 'react'

export const views = ['setup', 'data', 'train', 'compare', 'answers', 'play', 'library'] as const
/** Reached by their address, not from the menu. */
const others = ['bench'] as const
export type View = (typeof views)[number] | (typeof others)[number]

/** The view that the address names, which may be ahead of the one on the screen. */
export function viewInAddress(): View {
  const name = location.hash.slice(1).split('?')[0]
  return [...views, ...others].find((v) => v === name) ?? 'setup'
}

function subscribe(changed: () => void): () => void {
  window.addEventListener('hashchange', changed)
  return () => window.removeEventListener('hashchange', changed)
}

export function useView(): [View, (view: View) => void] {
  const view = useSyncExternalStore(subscribe, viewInAddress)
  const go = useCallback((next: View) => {
    location.hash = next
    window.scrollTo({ top: 0 })
  }, [])
  return [view, go]
}
