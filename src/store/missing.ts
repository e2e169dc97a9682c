// What keeps a run from starting. The start button names the first obstacle.
import { type Phrase, sentence } from '../config/phrase'
import { fieldProblem } from '../config/field'
import type { DataReport, MemoryReport } from '../worker/api'
import { type DataState, problemsUndecided, unknownUndecided } from './data-state'
import type { DeviceState } from './device-store'
import type { ModelState } from './model-store'
import { type SetupState, chosenMethod, invalidFields, methodValues } from './setup-state'

/** Decisions that a person must take before a run starts. */
export type Undecided = 'badLines' | 'unknownCharacters'

type Missing =
  | 'device'
  | 'model'
  | 'modelLoading'
  | 'data'
  | 'dataLoading'
  | 'dataError'
  | Undecided
  | 'nothingToTrain'
  | 'firstStage'
  | 'method'
  | 'unavailable'
  | 'fields'
  | 'estimating'
  | 'memory'
  | 'settings'

interface SetupParts {
  device: DeviceState
  model: ModelState
  data: DataState
  setup: SetupState
  /** The model will be reloaded with another base precision first, so the current estimate does not apply. */
  reloadsBase: boolean
  /** The first stage has a file and no number of steps. */
  firstUnclear?: boolean
}

/** `report`: the data at the length of the run. */
export function undecided(data: DataState, report: DataReport): Undecided | undefined {
  if (problemsUndecided(data, report)) return 'badLines'
  return unknownUndecided(data, report) ? 'unknownCharacters' : undefined
}

function dataMissing(data: DataState): Missing | undefined {
  if (data.loading) return 'dataLoading'
  if (!data.file) return 'data'
  if (!data.report) return 'dataError'
  // The maximum length leaves nothing of any row.
  if (data.report.trainRows === 0) return 'nothingToTrain'
  return undecided(data, data.report)
}

/** Whether a run that cannot start would start with more memory. */
const isTooLarge = ({ roomBytes, problemSettings = [] }: MemoryReport): boolean =>
  roomBytes !== undefined || problemSettings.includes('memoryBudget')

function setupMissing(setup: SetupState, reloadsBase: boolean): Missing | undefined {
  const method = chosenMethod(setup)
  if (!method) return 'method'
  if (method.unavailable !== undefined) return 'unavailable'
  if (invalidFields(setup).length > 0) return 'fields'
  if (reloadsBase) return undefined
  if (setup.memory?.problem !== undefined) return isTooLarge(setup.memory) ? 'memory' : 'settings'
  if (!setup.estimating && setup.error !== undefined) return 'settings'
  if (setup.estimating || !setup.memory) return 'estimating'
  return undefined
}

/** The first thing that is missing before a run can start, or undefined. */
function missing(parts: SetupParts): Missing | undefined {
  if (parts.device.status !== 'ready') return 'device'
  if (parts.model.loading) return 'modelLoading'
  if (!parts.model.report) return 'model'
  return dataMissing(parts.data) ?? (parts.firstUnclear ? 'firstStage' : undefined) ?? setupMissing(parts.setup, parts.reloadsBase)
}

/** An obstacle to starting a run: its reason, and where the page should go. */
export interface Obstacle {
  missing: Missing
  /** A sentence; if it is about the value of one setting, without the setting's name. */
  words?: Phrase
  /** Keys of the settings to change. */
  settings: readonly string[]
  /** Where something must be chosen or decided, if no setting is to be changed. */
  card?: 'model' | 'data' | 'method'
}

const cards: Partial<Record<Missing, Obstacle['card']>> = {
  model: 'model',
  data: 'data',
  dataError: 'data',
  badLines: 'data',
  unknownCharacters: 'data',
  firstStage: 'data',
  method: 'method',
  unavailable: 'method',
}

/** The chosen method's setting with whose name a sentence begins, as errors do: `target modules: expected …`. */
function settingNamedBy(words: Phrase | undefined, setup: SetupState): string[] {
  const where = words && sentence(words).split(': ')[0].toLowerCase()
  return (chosenMethod(setup)?.fields ?? []).filter(({ label }) => label.toLowerCase() === where).map(({ key }) => key)
}

/** The first thing that is missing, with the reason and the place. */
export function obstacle(parts: SetupParts): Obstacle | undefined {
  const first = missing(parts)
  if (!first) return undefined
  const { setup } = parts
  if (first === 'fields') {
    const [field] = invalidFields(setup)
    const value = { ...methodValues(setup), ...setup.training }[field.key]
    return { missing: first, words: fieldProblem(field, value), settings: [field.key] }
  }
  if (first !== 'memory' && first !== 'settings' && first !== 'nothingToTrain') return { missing: first, settings: [], card: cards[first] }
  const { memory, error, errorSettings } = setup
  // The estimate's error also names the lines. Until it arrives, only the setting is named.
  if (first === 'nothingToTrain') return { missing: first, words: setup.estimating ? undefined : error, settings: ['maxLength'] }
  if (memory?.problem === undefined)
    return { missing: first, words: error, settings: errorSettings?.length ? errorSettings : settingNamedBy(error, setup) }
  return { missing: first, words: memory.problem, settings: memory.problemSettings ?? [] }
}
