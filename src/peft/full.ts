// Full fine-tuning: every tensor of the model is trained, and what comes out is a model of its own.
import type { Field, SettingsOf } from '../config/field'
import { commonKeys, flag, text } from './config-keys'
import { safetensorsTypes } from '../formats/safetensors'
import { jsonFile, ownName, weightFiles } from './adapter-folder'
import { type Adapter, type Base, defineMethod } from './method'
import type { FolderFile } from './model-folder'
import { mergeBaseTensors, trainBaseTensors } from './base-tensors'

const all = (base: Base) => [...base.tensors.keys()]

const saveField = {
  key: 'saveAs',
  type: 'choice',
  label: 'Save as',
  help: 'How the new weights are written. 16 bits halve the file and round the weights.',
  default: 'f32',
  options: [
    { value: 'f32', label: 'F32' },
    { value: 'f16', label: 'F16' },
    { value: 'bf16', label: 'BF16' },
  ],
} as const satisfies Field

/** A whole model's folder: what lies beside the weights, the weights, and our own settings with what an adapter's configuration says. */
async function files(adapter: Adapter, { saveAs }: SettingsOf<[typeof saveField]>, base: Base): Promise<FolderFile[]> {
  const { method, settings, asking } = adapter
  return [
    ...(await base.folder(saveAs, asking?.ends)),
    ...weightFiles(adapter, base),
    jsonFile(ownName, { method: method.name, settings, config: method.toConfig(settings, base), asking }),
  ]
}

export const full = defineMethod({
  name: 'full',
  label: 'Full fine-tuning',
  summary: 'Everything is trained, in 32 bits: the most memory, and a whole model as the result.',
  paper: 'Howard & Ruder 2018, arXiv 1801.06146',
  fields: [saveField],
  training: { learningRate: 1e-5 },
  bases: [],
  peftType: 'FULL',
  baseTensors: all,
  setUp: async (context) => trainBaseTensors(context, all(context.base)),
  merge: mergeBaseTensors,
  weightsFile: 'model.safetensors',
  fileTensors: (trained, settings) => trained.map((t) => ({ ...t, dtype: safetensorsTypes[settings.saveAs] })),
  files,
  filesProblem: (base) => base.folderProblem(),
  toConfig: (settings) => ({ peft_type: 'FULL', own_format: true, save_as: settings.saveAs }),
  configKeys: { ...commonKeys('FULL'), own_format: flag, save_as: text },
  fromConfig: ({ save_as: dtype }) => ({ saveAs: dtype === 'f16' || dtype === 'bf16' ? dtype : 'f32' }),
})
