// What sets runs apart from each other, in words: the settings in which they differ, or those that differ from the baseline's.
import { useCallback, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import { createSetUps, differencesById } from '../store/run-columns'
import { hasCurves } from './ChartControls'
import { useStudio } from './studio-context'
import { useText } from './text/text'
import { useColumnWords } from './use-column-words'

/** Gives the words about a run by its id; undefined where nothing sets it apart. `comparison`: beside the runs of this comparison only. */
export function useDifferences(comparison: string | undefined): (id: string) => string | undefined {
  const text = useText()
  const { runs, runsView } = useStudio()
  const words = useColumnWords()
  const baseline = useStore(runsView.store, (s) => s.baseline)
  // A step changes a run, but not what sets it apart.
  const [setUps] = useState(createSetUps)
  const found = useStore(runs.store, (s) => setUps(s.runs.filter((run) => hasCurves(run, comparison))))
  const byId = useMemo(() => {
    const columns = differencesById(found, baseline)
    return new Map(
      found.map((run) => [
        run.id,
        text.listed((columns.get(run.id) ?? []).map((column) => `${words.head(column)} ${words.value(column, run)}`)),
      ]),
    )
  }, [found, baseline, words, text])
  return useCallback((id) => byId.get(id) || undefined, [byId])
}
