// Options that are not given on the command line have the defaults of the page.
import { describe, expect, it } from 'vitest'
import { sentence } from '../config/phrase'
import { comparisonTraining } from '../config/comparison'
import { defaultDataOptions } from '../config/data-options'
import { defaultTraining, trainingFields } from '../config/run-config'
import { methods } from '../peft/registry'
import { comparisonConfigs, createComparisonStore } from '../store/comparison-store'
import { createDataStore } from '../store/data-store'
import { chosenConfig } from '../store/setup-state'
import { createSetupStore } from '../store/setup-store'
import { createFakeEngine } from '../testing/fake-engine'
import { modelFiles } from '../testing/fake-studio'
import { memoryFolders } from '../testing/memory-folder'
import { noTunings } from '../testing/no-tunings'
import { directRenderer } from '../tokenizer/template-renderer'
import { Engine } from '../worker/engine'
import { methodSettings } from './commands/train'
import { dataOptionsOf } from './data-options'
import { helpText } from './help'
import { Options } from './options'
import { trainingSettings } from './training-options'

const long = 1_000_000
const small = { context: long }
const nothing = new Options(['train'])

/** The page's settings, with the methods that the engine reports. */
async function page() {
  const engine = new Engine({ gpu: undefined, tunings: noTunings, folders: memoryFolders(), renderer: directRenderer })
  const fake = createFakeEngine({ beatMs: 0 })
  const setup = createSetupStore({ ...fake, methods: () => engine.methods() }, () => false)
  await setup.loadMethods()
  const model = await fake.loadModel(modelFiles, 'native', () => undefined)
  if (!model.ok) throw new Error(sentence(model.error.phrase))
  return { setup, fake, model: { ...model.value, context: long } }
}

describe('defaults', () => {
  it('of every training and method setting are those of the page, for every method', async () => {
    const { setup } = await page()
    expect(setup.store.getState().methods.map((m) => m.name)).toEqual(methods.map((m) => m.name))
    for (const method of methods) {
      setup.choose(method.name)
      const chosen = chosenConfig(setup.store.getState())
      const training = trainingSettings(method, nothing, small)
      expect(training, method.name).toEqual(chosen?.training)
      expect(Object.keys(training), method.name).toEqual(trainingFields.map((f) => f.key))
      expect(methodSettings(method, [], undefined), method.name).toEqual(chosen?.methodSettings)
    }
    expect(trainingSettings(methods[0], nothing, small).clip).toBe(1)
  })

  it('of a comparison are those of the page', async () => {
    const { setup, model } = await page()
    const comparison = createComparisonStore()
    comparison.choose(methods.map((m) => m.name))
    for (const { method, config } of comparisonConfigs(comparison.store.getState(), setup.store.getState(), model)) {
      const ours = methods.find((m) => m.name === method.name)!
      expect(trainingSettings(ours, nothing, small, comparisonTraining), method.name).toEqual(config.training)
    }
  })

  it('of the data are those of the page, except that no row is held out', async () => {
    const { fake } = await page()
    const options = createDataStore(fake, () => undefined).store.getState().options
    expect(options).toEqual(defaultDataOptions)
    const ours = dataOptionsOf(nothing, defaultTraining().seed, 0)
    expect(ours).toEqual({ ...options, holdOut: 0 })
  })

  it("are overridden by given options, and a comparison's steps by given epochs", () => {
    const words = ['--clip', '0', '--no-shuffle', '--packing', '--schedule', 'cosine', '--memory', '2MiB', '--lr', '0.5', '--epochs', '2']
    const training = trainingSettings(methods[0], new Options(['train', ...words]), { context: 100 }, comparisonTraining)
    expect(training).toEqual({
      ...defaultTraining(comparisonTraining),
      clip: 0,
      shuffle: false,
      packing: true,
      schedule: 'cosine',
      memoryBudget: 2,
      learningRate: 0.5,
      epochs: 2,
      steps: 0,
      maxLength: 100,
    })
  })

  it('are in the help', () => {
    const help = helpText()
    const said = ['--epochs X', '--batch N', '--schedule constant|linear|cosine', '--memory SIZE', '--decay-all', '--beta1 X']
    for (const option of said) expect(help).toContain(`\n  ${option} `)
    expect(help).toMatch(/--clip X .*Default: 1\.\n/)
    expect(help).toMatch(/--no-shuffle .*Turns off: Shuffle\. Takes the rows/)
  })
})
