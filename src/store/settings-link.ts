// Settings as the part of an address behind `#setup?` or `#compare?`, so that a set-up can be shared. Only what differs from the
// defaults stands in it, also the words that rows are asked with, but nothing of the model or of rows. What an address says is checked
// like anything from outside.
import { createStore } from 'zustand/vanilla'
import { askingFields } from '../config/asking-fields'
import { type Field, type FieldValue, type Settings, defaults, fieldProblem, valueFromText } from '../config/field'
import { plainNumber } from '../config/number-text'
import {
  type ComparisonSlice,
  type ComparisonState,
  axisChoices,
  exactMatchField,
  learningRate,
  rateProblem,
  sharedFields,
  sharedStart,
} from './comparison-store'
import type { DataOptions } from '../worker/api'
import type { DataSlice } from './data-store'
import { type SetupState, chosenMethod, startTraining } from './setup-state'
import type { SetupSlice } from './setup-store'

type LinkView = 'setup' | 'compare'

/** Settings that differ from `start`, with `prefix` before their keys. */
function differing(fields: readonly Field[], values: Settings, start: Settings, prefix = ''): [string, string][] {
  return fields
    .filter(
      (f) => values[f.key] !== undefined && values[f.key] !== (start[f.key] ?? f.default) && fieldProblem(f, values[f.key]) === undefined,
    )
    .map((f) => [prefix + f.key, String(values[f.key])])
}

/** Takes the settings that `query` has and that can be used; gives the keys of those that cannot. */
function taken(fields: readonly Field[], query: URLSearchParams, prefix: string, set: (key: string, value: FieldValue) => void): string[] {
  const refused: string[] = []
  for (const field of fields) {
    const given = query.get(prefix + field.key)
    if (given === null) continue
    const value = valueFromText(field, given)
    if (fieldProblem(field, value) === undefined) set(field.key, value)
    else refused.push(prefix + field.key)
  }
  return refused
}

const askingPrefix = 'data.'
const askingOf = (options: DataOptions): Settings =>
  Object.fromEntries(askingFields.flatMap(({ key }) => (options[key] === undefined ? [] : [[key, options[key]]])))

/** The address part of the current set-up; empty if all settings are defaults. */
export function setupQuery(state: SetupState, options: DataOptions): string {
  const method = chosenMethod(state)
  if (!method || state.from) return ''
  const pairs = [
    ...differing(method.fields, state.drafts[method.name] ?? {}, defaults(method.fields), `${method.name}.`),
    ...differing(state.trainingFields, state.training, startTraining(state.trainingFields, method)),
    ...differing(askingFields, askingOf(options), {}, askingPrefix),
  ]
  if (pairs.length === 0 && state.methods[0] === method) return ''
  return new URLSearchParams([['method', method.name], ...pairs]).toString()
}

/** The address part for a comparison as it is set up now. */
export function comparisonQuery(state: ComparisonState, setup: SetupState): string {
  if (state.chosen.length === 0) return ''
  const chosen = setup.methods.filter((m) => state.chosen.includes(m.name))
  return new URLSearchParams([
    ['methods', chosen.map((m) => m.name).join(',')],
    ...chosen
      .filter((m) => m.name in state.rates && !rateProblem(learningRate(state, m)))
      .map((m): [string, string] => [`rate.${m.name}`, String(learningRate(state, m))]),
    ...chosen.flatMap((m) => differing(m.fields, setup.drafts[m.name] ?? {}, defaults(m.fields), `${m.name}.`)),
    ...differing(sharedFields(setup), state.training, sharedStart(setup.trainingFields)),
    ...state.axes.map(({ setting, text }): [string, string] => ['vary', `${setting}=${text}`]),
    ...differing([exactMatchField], { exactMatchRows: state.exactMatchRows }, {}),
  ]).toString()
}

interface LinkState {
  /** Settings from an address. They wait for a model, because only then the methods are known. */
  waiting?: { view: LinkView; query: string }
  /** Settings of the address that cannot be used here. */
  refused: string[]
}

export function createSettingsLink(setup: SetupSlice, comparison: ComparisonSlice, data: DataSlice) {
  const store = createStore<LinkState>(() => ({ refused: [] }))

  function takeSetup(query: URLSearchParams): string[] {
    const { methods, trainingFields } = setup.store.getState()
    const name = query.get('method')
    const method = methods.find((m) => m.name === name) ?? chosenMethod(setup.store.getState())
    if (!method) return ['method']
    setup.chooseAfresh(method.name)
    const asking: Settings = {}
    const refusedAsking = taken(askingFields, query, askingPrefix, (key, value) => (asking[key] = value))
    if (Object.keys(asking).length > 0) void data.setOptions(asking)
    return [
      ...(name !== null && name !== method.name ? ['method'] : []),
      ...taken(method.fields, query, `${method.name}.`, setup.setMethodValue),
      ...taken(trainingFields, query, '', setup.setTrainingValue),
      ...refusedAsking,
    ]
  }

  function takeComparison(query: URLSearchParams): string[] {
    const { methods } = setup.store.getState()
    const names = (query.get('methods') ?? '').split(',')
    const chosen = methods.filter((m) => names.includes(m.name))
    comparison.choose(chosen.map((m) => m.name))
    const axes = query.getAll('vary').map((text) => ({ setting: text.split('=')[0] ?? '', text: text.slice(text.indexOf('=') + 1) }))
    const choices = axisChoices(comparison.store.getState(), setup.store.getState()).map(({ setting }) => setting)
    const known = axes.filter(({ setting }) => choices.includes(setting))
    comparison.vary(known)
    const rates = chosen
      .filter((m) => query.has(`rate.${m.name}`))
      .map((m) => ({ name: m.name, rate: plainNumber(query.get(`rate.${m.name}`) ?? '') }))
    for (const { name, rate } of rates) if (!rateProblem(rate)) comparison.setRate(name, rate)
    return [
      ...names.filter((name) => name && !methods.some((m) => m.name === name)),
      ...axes.filter((axis) => !known.includes(axis)).map(({ setting }) => `vary ${setting}`),
      ...rates.filter((r) => rateProblem(r.rate)).map((r) => `rate.${r.name}`),
      ...chosen.flatMap((m) => taken(m.fields, query, `${m.name}.`, (key, value) => setup.setDraft(m.name, key, value))),
      ...taken(sharedFields(setup.store.getState()), query, '', comparison.setTrainingValue),
      ...taken([exactMatchField], query, '', (_, value) => comparison.setExactMatchRows(Number(value))),
    ]
  }

  /** Fills in the waiting settings, once the methods are known. */
  function fill(): void {
    const { waiting } = store.getState()
    if (!waiting || setup.store.getState().methods.length === 0) return
    const query = new URLSearchParams(waiting.query)
    store.setState({ waiting: undefined, refused: waiting.view === 'setup' ? takeSetup(query) : takeComparison(query) })
  }

  return {
    store,
    fill,
    /** Takes the part of an address behind `#`. */
    take(hash: string): void {
      const [view, query] = hash.split('?', 2)
      if ((view !== 'setup' && view !== 'compare') || !query) return
      store.setState({ waiting: { view, query }, refused: [] })
      fill()
    },
    dismiss(): void {
      store.setState({ waiting: undefined, refused: [] })
    },
  }
}
export type SettingsLink = ReturnType<typeof createSettingsLink>
