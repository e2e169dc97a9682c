// The guide for a person's own files: what to do next, with the button that does it. Everything else on the page works as without it.
import { useEffect, useRef } from 'react'
import { useStore } from 'zustand'
import { type GuideStep, guideSteps } from '../store/guide'
import type { Obstacle } from '../store/missing'
import type { Run } from '../store/run'
import { AdapterButtons } from './AdapterButtons'
import { GoTo } from './GoTo'
import { Icon } from './icons'
import { usePickers } from './pickers'
import { ProgressLine } from './ProgressLine'
import { useBusy, useData, useGuide, useModel, useReadiness, useStudio } from './studio-context'
import { useText } from './text/text'
import { useKeptFocus } from './use-kept-focus'
import { useObstacleWords } from './use-obstacle-words'
import type { View } from './view'

interface Props {
  view: View
  go: (view: View) => void
}

function ModelStep() {
  const text = useText()
  const pickers = usePickers()
  const busy = useBusy()
  const { loading, progress } = useModel()
  if (loading) return <ProgressLine progress={progress} />
  return (
    <div className="button-row">
      <button type="button" className="button-primary" data-testid="guide-files" disabled={busy} onClick={pickers.model}>
        {text.pick.files}
      </button>
      <button type="button" className="button" disabled={busy} onClick={pickers.folder}>
        {text.pick.folder}
      </button>
    </div>
  )
}

function DataStep() {
  const text = useText()
  const pickers = usePickers()
  const busy = useBusy()
  const { loading, progress } = useData()
  if (loading) return <ProgressLine progress={progress} />
  return (
    <>
      <p>
        <code>{text.guide.dataExample}</code>
      </p>
      <div className="button-row">
        <button type="button" className="button-primary" data-testid="guide-data" disabled={busy} onClick={pickers.data}>
          {text.pick.data}
        </button>
      </div>
    </>
  )
}

/** What is over by itself. */
const passing: readonly Obstacle['missing'][] = ['modelLoading', 'dataLoading', 'estimating']

function StartStep({ go }: Pick<Props, 'go'>) {
  const text = useText()
  const studio = useStudio()
  const busy = useBusy()
  const { obstacle } = useReadiness()
  const told = useObstacleWords()
  const start = (): void => {
    if (studio.start() !== undefined) go('train')
  }
  return (
    <div className="button-row">
      <button type="button" className="button-primary" data-testid="guide-start" disabled={obstacle !== undefined || busy} onClick={start}>
        <Icon name="play" />
        {told ? told.heading : busy ? text.start.busy : text.start.ready}
      </button>
      {obstacle && <GoTo settings={obstacle.settings} card={obstacle.card} />}
    </div>
  )
}

function TrainingStep({ view, go }: Props) {
  const t = useText().guide
  if (view === 'train') return null
  return (
    <div className="button-row">
      <button type="button" className="button" onClick={() => go('train')}>
        {t.watch}
      </button>
    </div>
  )
}

function DoneStep({ run, go }: { run: Run; go: Props['go'] }) {
  const text = useText()
  const studio = useStudio()
  const again = (): void => {
    studio.guide.begin()
    go('setup')
  }
  return (
    <AdapterButtons run={run} go={go} place="guide">
      <button type="button" className="button-quiet" onClick={again}>
        {text.guide.again}
      </button>
    </AdapterButtons>
  )
}

/** The run that the guide is about, once it has an adapter: it does not change with each step. */
function useDoneRun(): Run | undefined {
  const { step, runId } = useGuide()
  return useStore(useStudio().runs.store, (s) => (step === 'done' ? s.runs.find(({ id }) => id === runId) : undefined))
}

/** What the step says. At the start it says what keeps training from starting, if something does and is not over by itself. */
function useWords(step: GuideStep | undefined, run: Run | undefined): string {
  const t = useText().guide
  const { obstacle } = useReadiness()
  const told = useObstacleWords()
  if (step === undefined) return ''
  if (step === 'done') return run ? t.done(run.name) : ''
  if (step !== 'start' || !told || !obstacle || passing.includes(obstacle.missing)) return t[step]
  // The bar at the bottom says why.
  return told.asks ? t.blockedBy(told.heading) : t.blocked(told.heading)
}

/** Where the steps of the guide are taken. Elsewhere it is a line that leads back to them. */
const places: Readonly<Record<GuideStep, readonly View[]>> = {
  model: ['setup'],
  data: ['setup'],
  start: ['setup'],
  training: ['setup', 'train'],
  done: ['train'],
}

interface StepsProps extends Props {
  step: GuideStep
  run: Run | undefined
}

function Steps({ step, run, view, go }: StepsProps) {
  const t = useText().guide
  const place = guideSteps.indexOf(step)
  return (
    <>
      <ol className="guide-steps">
        {guideSteps.map((name, i) => (
          <li key={name} aria-current={name === step ? 'step' : undefined}>
            <span className={i < place ? 'step-number step-done' : 'step-number'}>{i < place ? <Icon name="check" /> : i + 1}</span>
            {t.names[name]}
          </li>
        ))}
      </ol>
      <p role="status">{useWords(step, run)}</p>
      {step === 'model' && <ModelStep />}
      {step === 'data' && <DataStep />}
      {step === 'start' && <StartStep go={go} />}
      {step === 'training' && <TrainingStep view={view} go={go} />}
      {run && <DoneStep run={run} go={go} />}
    </>
  )
}

export function Guide({ view, go }: Props) {
  const t = useText().guide
  const { guide } = useStudio()
  const { step } = useGuide()
  const run = useDoneRun()
  const heading = useRef<HTMLHeadingElement>(null)
  useKeptFocus(step, heading)
  useEffect(() => guide.isAt(view, step), [guide, view, step])
  if (step === undefined) return null
  const folded = !places[step].includes(view)
  return (
    <section className="card guide" aria-labelledby="guide-title" data-testid="guide" data-step={step} data-folded={folded || undefined}>
      <header className="row-between">
        <h2 id="guide-title" ref={heading} tabIndex={-1}>
          {folded ? t.folded(t.names[step]) : t.title}
        </h2>
        <div className="button-row">
          {folded && (
            <button type="button" className="button" data-testid="guide-go-on" onClick={() => go(places[step].at(-1) ?? 'setup')}>
              {t.goOn}
            </button>
          )}
          <button type="button" className="button-quiet" data-testid="guide-leave" onClick={guide.leave}>
            {step === 'done' ? t.close : t.leave}
          </button>
        </div>
      </header>
      {!folded && <Steps step={step} run={run} view={view} go={go} />}
    </section>
  )
}
