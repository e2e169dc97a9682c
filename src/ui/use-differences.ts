// What sets runs apart from each other, in words: the settings in which they differ, or those that differ from the baseline's.
import { useCallback, useMemo } from 'react'
import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import { differencesOf } from '../store/run-columns'
import type { Run } from '../store/run'
import { hasCurves } from './ChartControls'
import { useStudio } from './studio-context'
import { useText } from './text/text'
import { type ColumnWords, useColumnWords } from './use-column-words'

function differenceText(run: Run, runs: readonly Run[], baseline: string | undefined, words: ColumnWords): string[] {
  const base = runs.find(({ id }) => id === baseline)
  return differencesOf(runs)
    .filter((column) => column.value(run) !== undefined && (!base || column.value(run) !== column.value(base)))
    .map((column) => `${words.head(column)} ${words.value(column, run)}`)
}

/** Gives the words about a run by its id; undefined where nothing sets it apart. `comparison`: beside the runs of this comparison only. */
export function useDifferences(comparison: string | undefined): (id: string) => string | undefined {
  const text = useText()
  const { runs, runsView } = useStudio()
  const words = useColumnWords()
  const baseline = useStore(runsView.store, (s) => s.baseline)
  const found = useStore(
    runs.store,
    useShallow((s) => {
      const all = s.runs.filter((run) => hasCurves(run, comparison))
      return all.flatMap((run) => [run.id, text.listed(differenceText(run, all, baseline, words))])
    }),
  )
  const byId = useMemo(() => new Map(found.flatMap((id, i) => (i % 2 === 0 ? [[id, found[i + 1]]] : []))), [found])
  return useCallback((id) => byId.get(id) || undefined, [byId])
}
