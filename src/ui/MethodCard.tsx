// The method and all settings of a run.
import { Fragment } from 'react'
import { papersOf } from '../config/paper'
import { simpleKeys } from '../config/efforts'
import { type Field, type Settings, fieldsFor } from '../config/field'
import type { Kind } from '../config/task'
import { kindOfFamily } from '../formats/families/registry'
import { type SetupState, chosenMethod, invalidFields, methodValues, usualTraining } from '../store/setup-state'
import type { MethodReport } from '../worker/api'
import { CopyLink } from './CopyLink'
import { Efforts } from './Efforts'
import { ErrorMessage } from './ErrorMessage'
import { FieldForm, type Problems, shownFields } from './FieldForm'
import { AugmentStrip } from './AugmentStrip'
import { BatchAdvisor } from './MeasureRun'
import { PrecisionAdvisor } from './PrecisionAdvisor'
import { RateSweepPanel } from './RateSweepPanel'
import { StepCard } from './StepCard'
import { useBusy, useModel, useReadiness, useSetup, useSimpleForm, useStudio } from './studio-context'
import { useSentence, useText } from './text/text'

function changedCount(fields: readonly Field[], values: Settings, start: Settings): number {
  return fields.filter((f) => (values[f.key] ?? f.default) !== (start[f.key] ?? f.default)).length
}

function BaseNotice() {
  const text = useText()
  const inWords = useSentence()
  const studio = useStudio()
  const setup = useSetup()
  const { loading } = useModel()
  const method = chosenMethod(setup)
  const { base: wanted, reloadsBase } = useReadiness()
  const busy = useBusy()
  if (!method || !reloadsBase || method.unavailable) return null
  return (
    <div className="notice">
      <p>{text.method.baseNotice(inWords(method.label), text.model.bases[wanted])}</p>
      <button type="button" className="button-quiet" disabled={loading || busy} onClick={() => void studio.reloadModel(wanted)}>
        {text.method.baseAction}
      </button>
    </div>
  )
}

/** How the rate follows the model's size, and a sweep that finds one. */
function RateHelp({ method }: { method: MethodReport }) {
  const inWords = useSentence()
  return (
    <>
      {method.rateWords && <p className="help">{inWords(method.rateWords)}</p>}
      <RateSweepPanel />
    </>
  )
}

/** Whether advanced settings are shown, and the way back to the defaults. */
function Advanced({ method }: { method: MethodReport }) {
  const text = useText()
  const studio = useStudio()
  const setup = useSetup()
  const kind = kindOfFamily(useModel().report?.family ?? '')
  const changed =
    (setup.from ? 0 : changedCount(method.fields, methodValues(setup), {})) +
    changedCount(fieldsFor(setup.trainingFields, kind), setup.training, usualTraining(setup, method))
  return (
    <div className="row-between">
      <label className="check">
        <input type="checkbox" checked={setup.advanced} onChange={(e) => studio.setup.setAdvanced(e.target.checked)} />
        {text.method.advanced}
      </label>
      <div className="button-row">
        {changed > 0 && <span className="muted">{text.method.changed(String(changed))}</span>}
        <button type="button" className="button-quiet" disabled={changed === 0} onClick={studio.setup.reset}>
          {text.method.reset}
        </button>
      </div>
    </div>
  )
}

/** The method's fields and those of the training, for models with rows of a kind. A setting that cannot be used is always among them. */
function formFields(setup: SetupState, method: MethodReport, simple: boolean, kind: Kind): [readonly Field[], readonly Field[]] {
  const [own, trainingFields] = [fieldsFor(method.fields, kind), fieldsFor(setup.trainingFields, kind)]
  if (!simple) return [own, trainingFields]
  const needed = new Set([...simpleKeys, ...invalidFields(setup).map(({ key }) => key)])
  return [own.filter(({ key }, i) => i === 0 || needed.has(key)), trainingFields.filter(({ key }) => needed.has(key))]
}

/** The methods; of a model that sorts pictures, those for text come last. */
function MethodOptions({ pictures }: { pictures: boolean }) {
  const text = useText()
  const inWords = useSentence()
  const { methods } = useSetup()
  const listed = (some: readonly MethodReport[]) =>
    some.map((m) => (
      <option key={m.name} value={m.name}>
        {inWords(m.label)}
      </option>
    ))
  if (!pictures) return listed(methods)
  return (
    <>
      {listed(methods.filter((m) => m.unavailable === undefined))}
      <optgroup label={text.pictures.notForPictures}>{listed(methods.filter((m) => m.unavailable !== undefined))}</optgroup>
    </>
  )
}

/** By key: why a value that is within the bounds of its field keeps the run from starting. Memory depends on several settings, so no field is marked. */
function useProblems(): Problems {
  const inWords = useSentence()
  const { obstacle } = useReadiness()
  if (obstacle?.words === undefined || (obstacle.missing !== 'settings' && obstacle.missing !== 'nothingToTrain')) return {}
  const words = inWords(obstacle.words)
  return Object.fromEntries(obstacle.settings.map((key) => [key, words]))
}

export function MethodCard() {
  const text = useText()
  const inWords = useSentence()
  const studio = useStudio()
  const setup = useSetup()
  const simpleForm = useSimpleForm()
  const { report } = useModel()
  const kind = kindOfFamily(report?.family ?? '')
  const pictures = report?.pictures !== undefined
  const problems = useProblems()
  const method = chosenMethod(setup)
  if (!method)
    return (
      <StepCard number={3} title={text.method.title} done={false}>
        {setup.error ? <ErrorMessage message={setup.error} /> : <p className="muted">{text.method.needsModel}</p>}
      </StepCard>
    )
  const values = methodValues(setup)
  const [own, training] = formFields(setup, method, simpleForm, kind)
  const advanced = setup.advanced && !simpleForm
  return (
    <StepCard number={3} title={text.method.title} subtitle={inWords(method.label)} done={!method.unavailable}>
      {setup.from && (
        <div className="notice" data-testid="going-on">
          <p>{text.adapters.goOnNotice(setup.from.name)}</p>
          <button type="button" className="button-quiet" onClick={studio.setup.startFresh}>
            {text.adapters.fresh}
          </button>
        </div>
      )}
      <div className="field">
        <label htmlFor="method">{text.method.choose}</label>
        <select
          id="method"
          data-testid="method-select"
          value={method.name}
          aria-describedby="method-help"
          disabled={setup.from !== undefined}
          onChange={(e) => studio.setup.choose(e.target.value)}
        >
          <MethodOptions pictures={pictures} />
        </select>
        <p id="method-help" className="help">
          {inWords(method.summary)}
          {papersOf(method.paper).map(({ words, url }) => (
            <Fragment key={url}>
              {' '}
              <a href={url} target="_blank" rel="noreferrer">
                {text.method.paper(words)}
              </a>
            </Fragment>
          ))}
        </p>
      </div>
      {method.unavailable && <ErrorMessage message={method.unavailable} />}
      <BaseNotice />
      <Efforts />
      {shownFields({ fields: own, values, advanced }).length > 0 && (
        <fieldset disabled={setup.from !== undefined}>
          <legend>{text.method.settings}</legend>
          <FieldForm fields={own} values={values} advanced={advanced} problems={problems} onChange={studio.setup.setMethodValue} />
        </fieldset>
      )}
      <fieldset>
        <legend>{text.method.training}</legend>
        <FieldForm
          fields={training}
          values={setup.training}
          advanced={advanced}
          onChange={studio.setup.setTrainingValue}
          problems={problems}
          under={{ learningRate: <RateHelp method={method} />, batchSize: <BatchAdvisor />, precision: <PrecisionAdvisor /> }}
        />
        {pictures && <AugmentStrip />}
      </fieldset>
      {!simpleForm && <Advanced method={method} />}
      {!setup.from && <CopyLink />}
    </StepCard>
  )
}
