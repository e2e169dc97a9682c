// A training setting is one field: adding one to the list adds it to the form, the parsers, the link, the help and the command line.
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import type { Field } from '../config/field'
import { defaultTraining, parseRunConfig, parseTraining, trainingFields } from '../config/run-config'
import { methods } from '../peft/registry'
import { unzipBlob } from '../storage/unzip'
import { WorkbenchHost } from '../worker/workbench-host'
import { memoryKeeping } from '../store/keeping'
import { comparisonQuery, setupQuery } from '../store/settings-link'
import { chosenConfig } from '../store/setup-state'
import { createStudio } from '../store/studio'
import { createFakeEngine } from '../testing/fake-engine'
import { modelFiles } from '../testing/fake-studio'
import { Shared } from '../ui/ComparisonForm'
import { MethodCard } from '../ui/MethodCard'
import { StudioContext } from '../ui/studio-context'
import { helpText } from './help'
import { Options } from './options'
import { trainingSettings } from './training-options'

const key = 'labelSmoothing'
const added: Field = { key, type: 'number', label: 'Label smoothing', help: 'Share of all other tokens.', default: 0, min: 0, max: 0.5 }
const fields = [...trainingFields, added]
const nothing = () => Promise.reject(new Error('not asked for'))

async function studioWithMethods() {
  const engine = createFakeEngine({ beatMs: 0 })
  const studio = createStudio({
    engine,
    keeping: memoryKeeping(),
    unzip: unzipBlob,
    workbench: new WorkbenchHost(),
    fetchDemoFile: nothing,
    trainingFields: fields,
  })
  await studio.openModel(modelFiles)
  // When React renders to text, it reads a store's initial state. This makes it read the current state.
  studio.setup.store.getInitialState = studio.setup.store.getState
  return studio
}

describe('a training setting that is added', () => {
  it("is in the page's forms with its default, and in the run that they set up", async () => {
    const studio = await studioWithMethods()
    for (const card of [<MethodCard key="setup" />, <Shared key="compare" />])
      expect(renderToStaticMarkup(<StudioContext value={studio}>{card}</StudioContext>)).toMatch(
        /Label smoothing<\/label><input[^>]*name="labelSmoothing"[^>]*value="0"/,
      )
    studio.setup.setTrainingValue(key, 0.1)
    expect(chosenConfig(studio.setup.store.getState())?.training).toMatchObject({ [key]: 0.1, steps: 0 })
    studio.setup.setTrainingValue(key, 0.6)
    expect(chosenConfig(studio.setup.store.getState())).toBeUndefined()
  })

  it('is parsed, and checked against its bounds', () => {
    expect(defaultTraining({}, fields)).toMatchObject({ ...defaultTraining(), [key]: 0 })
    expect(parseTraining({ [key]: 0.2 }, {}, fields)).toMatchObject({ [key]: 0.2 })
    expect(() => parseTraining({ [key]: 0.6 }, {}, fields)).toThrow('labelSmoothing: expected a number from 0 to 0.5, got 0.6')
    expect(() => parseTraining({ [key]: 0.2 })).toThrow('unknown setting labelSmoothing')
    const run = { method: 'bitfit', training: { [key]: 0.2 } }
    expect(parseRunConfig(run, () => [], fields).training).toMatchObject({ [key]: 0.2 })
  })

  it('is included in links', async () => {
    const [first, second] = [await studioWithMethods(), await studioWithMethods()]
    first.setup.setTrainingValue(key, 0.1)
    expect(setupQuery(first.setup.store.getState(), first.data.store.getState().options)).toBe('method=lora&labelSmoothing=0.1')
    second.link.take('setup?labelSmoothing=0.25')
    expect(second.setup.store.getState().training[key]).toBe(0.25)
    second.link.take('compare?methods=lora&labelSmoothing=0.3')
    expect(comparisonQuery(second.comparison.store.getState(), second.setup.store.getState())).toBe('methods=lora&labelSmoothing=0.3')
    expect(second.link.store.getState().refused).toEqual([])
  })

  it('is an option of the command line, and in its help', () => {
    const words = ['train', '--label-smoothing', '0.1']
    expect(trainingSettings(methods[0], new Options(words, fields), { context: 512 })).toMatchObject({ [key]: 0.1 })
    expect(helpText(fields)).toMatch(/\n {2}--label-smoothing X +Label smoothing\. Share of all other tokens\. Default: 0\.\n/)
    expect(() => new Options(words)).toThrow('--label-smoothing')
  })

  it('cannot use the option of another setting', () => {
    expect(() => new Options(['train'], [...fields, { ...added, key: 'other', flag: 'lr' }])).toThrow('one option --lr, got two')
  })
})
