// A run's loss in a thumbnail that grows with the run.
import { memo } from 'react'
import { useStore } from 'zustand'
import { columnOf } from '../store/series'
import { Sparkline } from './Sparkline'
import { useStudio } from './studio-context'

/** `length` in steps of about 3 %, so that a long run draws its thumbnail rarely. */
function inSteps(length: number): number {
  const unit = 2 ** Math.max(0, Math.floor(Math.log2(length)) - 5)
  return length - (length % unit)
}

export const RunSparkline = memo(function RunSparkline({ id }: { id: string }) {
  const { runs } = useStudio()
  const length = useStore(runs.store, (s) => inSteps(s.curves.of(id).steps.length))
  const colour = useStore(runs.store, (s) => s.runs.find((run) => run.id === id)?.colour ?? 0)
  return <Sparkline values={columnOf(runs.seriesOf(id).steps, 'loss').subarray(0, length)} colour={colour} />
})
