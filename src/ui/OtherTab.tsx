// What a run has to do with another tab: it trains there, or waits here until another run has ended there.
import { useStore } from 'zustand'
import type { Run } from '../store/run'
import { useRuns, useStudio } from './studio-context'
import { useText } from './text/text'

export function OtherTab({ run }: { run: Run }) {
  const { train: t } = useText()
  const studio = useStudio()
  const there = useStore(studio.tabs.store, (s) => s.there)
  const trained = useRuns().find((r) => r.status === 'elsewhere')
  if (run.status === 'queued' && trained)
    return (
      <p className="notice" role="status">
        {t.behind(trained.name)}
      </p>
    )
  if (run.status !== 'elsewhere') return null
  return <p className="notice">{there[run.id] === 'paused' ? t.elsewherePaused : t.elsewhere}</p>
}
