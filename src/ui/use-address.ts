// The settings in the address: taken from it when the page opens, written into it as they change.
import { useEffect } from 'react'
import { comparisonQuery, setupQuery } from '../store/settings-link'
import { useComparison, useData, useLink, useSetup, useStudio } from './studio-context'
import { type View, viewInAddress } from './view'

const writeAfterMs = 300

export function useSettingsInAddress(view: View): void {
  const studio = useStudio()
  const setup = useSetup()
  const comparison = useComparison()
  const { options } = useData()
  const { waiting } = useLink()
  useEffect(() => {
    const take = (): void => studio.link.take(location.hash.slice(1))
    take()
    window.addEventListener('hashchange', take)
    return () => window.removeEventListener('hashchange', take)
  }, [studio])
  useEffect(() => {
    if ((view !== 'setup' && view !== 'compare') || waiting || setup.methods.length === 0) return
    const query = view === 'setup' ? setupQuery(setup, options) : comparisonQuery(comparison, setup)
    const write = (): void => {
      // A click on another view is in the address before that view is on the screen.
      if (viewInAddress() === view) history.replaceState(history.state, '', `#${view}${query && `?${query}`}`)
    }
    const timer = setTimeout(write, writeAfterMs)
    return () => clearTimeout(timer)
  }, [view, setup, comparison, options, waiting])
}
