// Keeps model, data and settings together: after another model is loaded, the data are read again; after another length is set, rows are cut there.
import type { BaseFormat } from '../config/run-config'
import type { RecipeOfData } from '../config/recipe-of-data'
import type { PickedFile, WayToFit } from '../worker/api'
import type { DataSlice } from './data-store'
import type { ReadEnd } from './data-state'
import type { ModelSlice } from './model-store'
import type { Run } from './run'
import type { SettingsLink } from './settings-link'
import type { SetupState } from './setup-state'
import type { SetupSlice } from './setup-store'

/** The maximum length, if the entered value is valid. */
function lengthOf({ training }: SetupState): number | undefined {
  const value = training.maxLength
  return typeof value === 'number' && Number.isInteger(value) && value >= 8 ? value : undefined
}

interface Parts {
  model: ModelSlice
  data: DataSlice
  setup: SetupSlice
  link: SettingsLink
}

export function createLoading({ model, data, setup, link }: Parts) {
  setup.store.subscribe((now, before) => {
    const length = lengthOf(now)
    if (length !== undefined && length !== lengthOf(before)) void data.setMaxLength(length)
  })

  async function modelLoaded(): Promise<void> {
    await setup.loadMethods()
    link.fill()
    const context = model.store.getState().report?.context
    setup.setContext(context)
    if (context !== undefined && (lengthOf(setup.store.getState()) ?? 0) > context) setup.setTrainingValue('maxLength', context)
    await data.read()
    setup.estimate()
  }

  /** Loads the same model with another base precision. */
  async function reloadModel(base: BaseFormat): Promise<boolean> {
    if (model.store.getState().report?.base === base) return true
    const loaded = await model.reload(base)
    if (loaded) await modelLoaded()
    return loaded
  }

  async function openModel(files: PickedFile[], base: BaseFormat): Promise<boolean> {
    const loaded = await model.open(files, base)
    if (loaded) await modelLoaded()
    return loaded
  }
  let opened: Promise<unknown> = Promise.resolve()

  return {
    openModel(files: PickedFile[], base: BaseFormat = 'native'): Promise<boolean> {
      const opening = openModel(files, base)
      opened = opening
      return opening
    },
    /** Waits for the model that is being opened, and until what is set up follows it. */
    opened: (): Promise<unknown> => opened,
    reloadModel,
    /** Changes the run that is set up so that it fits. Another base is loaded first. */
    async takeWay({ change }: WayToFit): Promise<void> {
      if (change.base === undefined || (await reloadModel(change.base))) setup.takeWay(change)
    },
    /** Sets a run up like one that was: with its base precision, method and settings, on the data that are open. */
    async takeSettings({ config, model: { base } }: Pick<Run, 'config' | 'model'>): Promise<boolean> {
      if (model.store.getState().report && !(await reloadModel(base))) return false
      setup.take({ ...config, from: undefined })
      return true
    },
    /** Reads the chosen data, and plans the run for them. */
    async readAgain(): Promise<ReadEnd> {
      const read = await data.read()
      setup.estimate()
      return read
    },
    async openData(file: PickedFile, evalFile?: PickedFile, made?: RecipeOfData): Promise<ReadEnd> {
      const read = await data.open(file, evalFile, made)
      setup.estimate()
      return read
    },
  }
}
export type Loading = ReturnType<typeof createLoading>
