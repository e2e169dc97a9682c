// What a run has to do with another tab: it trains there, or waits here until another run has ended there.
import { useStore } from 'zustand'
import type { Run } from '../store/run'
import { ErrorMessage } from './ErrorMessage'
import { useData, useModel, useRuns, useStudio } from './studio-context'
import { useText } from './text/text'
import { useAskedFirst } from './use-asked-first'

function TakeOver({ run, disabled }: { run: Run; disabled: boolean }) {
  const { train: t } = useText()
  const studio = useStudio()
  const { begin, question } = useAskedFirst(run, () => studio.tabs.takeOver(run.id))
  return (
    <>
      <button
        type="button"
        className="button-quiet"
        data-testid="take-over"
        title={t.takeOverHelp}
        disabled={disabled}
        onClick={() => void begin()}
      >
        {t.takeOver}
      </button>
      {question}
    </>
  )
}

export function OtherTab({ run }: { run: Run }) {
  const { train: t } = useText()
  const studio = useStudio()
  const { there, taking, refused } = useStore(studio.tabs.store)
  const trained = useRuns().find((r) => r.status === 'elsewhere' && there[r.id] !== 'queued')
  const [model, data] = [useModel(), useData()]
  const opening = model.loading || data.loading
  const other = run.status === 'elsewhere' ? run : run.status === 'queued' ? trained : undefined
  if (!other) return null
  const state = there[run.id]
  const here = state === 'paused' ? t.elsewherePaused : state === 'queued' ? t.elsewhereQueued : t.elsewhere
  const about = other.id === run.id ? here : t.behind(other.name)
  return (
    <>
      <div className="notice">
        <p role="status">{taking !== other.id ? about : opening ? t.openingForRun : t.taking}</p>
        <TakeOver run={other} disabled={taking !== undefined} />
      </div>
      {refused?.runId === other.id && <ErrorMessage message={refused.reason} />}
    </>
  )
}
