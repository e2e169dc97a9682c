// Full fine-tuning: every tensor of the model is trained, and the result is a whole model.
import type { Field, SettingsOf } from '../config/field'
import { commonKeys, flag, text } from './config-keys'
import { safetensorsTypes } from '../formats/safetensors'
import { baseOf, ownFile, weightFiles } from './adapter-folder'
import { type Adapter, type Base, defineMethod } from './method'
import type { FolderFile } from './model-folder'
import { headTasks } from './classifier'
import { mergeBaseTensors, trainBaseTensors, trainableTensors } from './base-tensors'

const all = (base: Base) => trainableTensors(base).map(({ name }) => name)

/** The base's numbers that no method trains, which a whole model has too. */
const constants = (base: Base) => [...base.tensors.values()].filter(({ constant }) => constant)

const saveField = {
  key: 'saveAs',
  type: 'choice',
  label: 'Save as',
  help: 'The number format of the saved weights. F16 and BF16 halve the file size and round the weights.',
  default: 'f32',
  options: [
    { value: 'f32', label: 'F32' },
    { value: 'f16', label: 'F16' },
    { value: 'bf16', label: 'BF16' },
  ],
} as const satisfies Field

/** A whole model's folder: the files beside the weights, the weights, and tabtune.json with the settings and an adapter's configuration. */
async function files(adapter: Adapter, { saveAs }: SettingsOf<[typeof saveField]>, base: Base): Promise<FolderFile[]> {
  const { method, settings, asking, evaluation } = adapter
  const tensors = new Map(adapter.tensors)
  for (const { name, shape } of constants(base)) tensors.set(name, { shape, values: await base.stored(name) })
  return [
    ...(await base.folder(saveAs, asking?.ends)),
    ...weightFiles({ ...adapter, tensors }, base),
    ownFile({
      method: method.name,
      settings,
      config: method.toConfig(settings, base),
      asking,
      base: baseOf(adapter, base),
      evaluation,
      classes: base.config.vision?.classes,
    }),
  ]
}

export const full = defineMethod({
  name: 'full',
  label: 'Full fine-tuning',
  summary:
    'Trains every weight of the model in 32 bits and saves a whole model. Choose it for small models and large datasets; it needs the most memory.',
  paper: 'Howard & Ruder 2018, arXiv 1801.06146',
  fields: [saveField],
  training: { learningRate: 1e-5 },
  bases: [],
  serves: headTasks,
  peftType: 'FULL',
  baseTensors: all,
  setUp: async (context) => trainBaseTensors(context, all(context.base)),
  merge: mergeBaseTensors,
  weightsFile: 'model.safetensors',
  fileTensors: (trained, settings, base) => {
    const all = new Map([...constants(base), ...trained].map((t) => [t.name, t.shape]))
    return [...all].map(([name, shape]) => ({ name, shape, dtype: safetensorsTypes[settings.saveAs] }))
  },
  files,
  filesProblem: (base) => base.folderProblem(),
  toConfig: (settings) => ({ peft_type: 'FULL', own_format: true, save_as: settings.saveAs }),
  configKeys: { ...commonKeys('FULL'), own_format: flag, save_as: text },
  fromConfig: ({ save_as: dtype }) => ({ saveAs: dtype === 'f16' || dtype === 'bf16' ? dtype : 'f32' }),
})
