// The form of a comparison: its methods, and the settings they share.
import { useEffect } from 'react'
import {
  chosenMethods,
  comparisonVariants,
  hasCompletions,
  learningRate,
  rateProblem,
  readsNames,
  sharedFields,
  shortenedLength,
} from '../store/comparison-store'
import { fieldsFor } from '../config/field'
import { kindOfFamily } from '../formats/families/registry'
import { problemsUndecided, unknownUndecided } from '../store/data-state'
import type { MethodReport } from '../worker/api'
import { ComparisonAnswers } from './ComparisonAnswers'
import { ComparisonTemplates } from './ComparisonTemplates'
import { ComparisonVary } from './ComparisonVary'
import { CopyLink } from './CopyLink'
import { ErrorMessage } from './ErrorMessage'
import { FieldForm } from './FieldForm'
import { NumberInput } from './NumberInput'
import { UnknownCharacters } from './UnknownCharacters'
import { UnusableLines } from './UnusableLines'
import { formatBytes, formatCompact, formatCount, formatDuration } from './format'
import { Icon } from './icons'
import {
  useBusy,
  useComparison,
  useComparisonCut,
  useComparisonPlan,
  useData,
  useEstimates,
  useModel,
  useSetup,
  useStudio,
} from './studio-context'
import type { Text } from './text/en'
import { useSentence, useText } from './text/text'

function MethodChoice({ method }: { method: MethodReport }) {
  const text = useText()
  const inWords = useSentence()
  const studio = useStudio()
  const state = useComparison()
  const id = `compare-${method.name}`
  const chosen = state.chosen.includes(method.name) && !method.unavailable
  const rate = learningRate(state, method)
  return (
    <li className={method.unavailable ? 'method-choice method-unavailable' : 'method-choice'}>
      <input
        type="checkbox"
        id={id}
        data-testid={id}
        checked={chosen}
        disabled={method.unavailable !== undefined}
        aria-describedby={`${id}-help`}
        onChange={() => studio.comparison.toggle(method.name)}
      />
      <div>
        <label htmlFor={id}>{inWords(method.label)}</label>
        <p id={`${id}-help`} className="help">
          {inWords(method.unavailable ?? method.summary)}
        </p>
        {chosen && <Takes name={method.name} />}
      </div>
      {chosen && (
        <div className="method-rate">
          <span className="help" aria-hidden="true">
            {text.compare.rate}
          </span>
          <NumberInput
            value={rate}
            min={0}
            max={10}
            step="any"
            strict
            name={`rate-${method.name}`}
            aria-label={text.compare.rateOf(inWords(method.label))}
            aria-invalid={rateProblem(rate) || undefined}
            onValue={(value) => studio.comparison.setRate(method.name, value)}
          />
        </div>
      )}
    </li>
  )
}

/** The size of the method's adapter and its memory, before it starts. */
function Takes({ name }: { name: string }) {
  const text = useText()
  const inWords = useSentence()
  const found = useEstimates()[name]
  if (found?.problem !== undefined) return <p className="help help-problem">{inWords(found.problem)}</p>
  if (!found?.memory) return null
  const { trainableParameters, totalBytes } = found.memory
  return <p className="method-takes">{text.compare.takes(formatCompact(trainableParameters, text), formatBytes(totalBytes))}</p>
}

function Methods() {
  const text = useText()
  const studio = useStudio()
  const { methods } = useSetup()
  const t = text.compare
  const possible = methods.filter((m) => !m.unavailable).map((m) => m.name)
  return (
    <section className="card" aria-label={t.methods}>
      <header className="row-between">
        <h2>{t.methods}</h2>
        <div className="button-row">
          <button type="button" className="button-quiet" onClick={() => studio.comparison.choose(possible)}>
            {t.all}
          </button>
          <button type="button" className="button-quiet" onClick={() => studio.comparison.choose([])}>
            {t.none}
          </button>
        </div>
      </header>
      <ul className="method-choices">
        {methods.map((method) => (
          <MethodChoice key={method.name} method={method} />
        ))}
      </ul>
      <p className="help">{t.settingsHint}</p>
    </section>
  )
}

export function Shared() {
  const text = useText()
  const studio = useStudio()
  const state = useComparison()
  const setup = useSetup()
  const model = useModel().report
  const t = text.compare
  const shortened = model && shortenedLength(state, setup, model)
  return (
    <section className="card" aria-label={t.shared}>
      <h2>{t.shared}</h2>
      <FieldForm
        fields={fieldsFor(sharedFields(setup), kindOfFamily(model?.family ?? ''))}
        values={state.training}
        advanced={state.advanced}
        onChange={studio.comparison.setTrainingValue}
      />
      {shortened !== undefined && <p className="notice">{t.lengthNote(formatCount(shortened, text))}</p>}
      <label className="check">
        <input type="checkbox" checked={state.advanced} onChange={(e) => studio.comparison.setAdvanced(e.target.checked)} />
        {text.method.advanced}
      </label>
    </section>
  )
}

/** What the person must decide about the data at the length of the comparison. */
function Decisions() {
  const inWords = useSentence()
  const { report, error } = useComparisonCut()
  const data = useData()
  return (
    <>
      {error && <ErrorMessage message={inWords(error)} />}
      {report && problemsUndecided(data, report) && <UnusableLines report={report} />}
      {report?.unknown && unknownUndecided(data, report) && <UnknownCharacters report={report} unknown={report.unknown} />}
    </>
  )
}

function startWords(runs: number, methods: number, text: Text): string {
  const t = text.compare
  if (runs > methods) return t.startRuns(formatCount(runs, text))
  return runs === 1 ? t.startOne : t.start(formatCount(runs, text))
}

export function ComparisonForm({ onStarted }: { onStarted: () => void }) {
  const text = useText()
  const studio = useStudio()
  const state = useComparison()
  const setup = useSetup()
  const methods = chosenMethods(state, setup).length
  const count = comparisonVariants(state, setup).variants.length
  const data = useData().report
  const model = useModel().report
  const { missing, wanted, takesMs } = useComparisonPlan()
  const busy = useBusy()
  useEffect(() => studio.estimates.estimate(wanted), [studio, wanted])
  const t = text.compare
  const start = (): void => {
    studio.compare()
    onStarted()
  }
  return (
    <>
      <div className="compare-grid">
        <Methods />
        <Shared />
      </div>
      <ComparisonVary />
      {readsNames(model) && <ComparisonTemplates />}
      {!model?.pictures && <ComparisonAnswers answers={hasCompletions(data)} />}
      <Decisions />
      <div className="button-row">
        <button
          type="button"
          className="button-primary button-large"
          data-testid="compare-start"
          disabled={missing !== undefined || busy}
          onClick={start}
        >
          <Icon name="play" />
          {missing ? t.missing[missing] : startWords(count, methods, text)}
        </button>
        {!missing && <span className="muted">{takesMs === undefined ? t.timeUnknown : t.time(formatDuration(takesMs, text))}</span>}
        <CopyLink />
      </div>
    </>
  )
}
