// Trains the last blocks of the model and freezes the rest (measured by Lee 2019, arXiv 1911.03090).
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { Field, SettingsOf } from '../config/field'
import { mergeBaseTensors, trainBaseTensors, trainableTensors } from './base-tensors'
import { classifierTensors, headTasks } from './classifier'
import { commonKeys, count, flag } from './config-keys'
import { type Base, defineMethod } from './method'

const fields = [
  {
    key: 'layers',
    type: 'number',
    label: 'Layers',
    help: 'How many of the last blocks are trained.',
    default: 2,
    min: 1,
    max: 1024,
    integer: true,
  },
  {
    key: 'head',
    type: 'boolean',
    label: 'Also train final norm and head',
    help: 'The head is often the largest matrix of the model. If it is tied to the embedding, the embedding is trained with it.',
    default: false,
  },
] as const satisfies readonly Field[]
type TopLayersSettings = SettingsOf<typeof fields>

/** The number of the block that a tensor belongs to; undefined for the embedding, the final norm and the head. */
function blockOf(name: string): number | undefined {
  const found = /\.(?:layers?|h)\.(\d+)\./.exec(name)?.[1]
  return found === undefined ? undefined : Number(found)
}

function topTensors(base: Base, settings: TopLayersSettings): string[] {
  const first = base.config.layers - settings.layers
  if (first < 0)
    throw new FormatError(
      say`layers: expected at most ${base.config.layers}, the number of layers of ${base.name}, got ${settings.layers}. Choose fewer layers.`,
    )
  const head = base.family.head(base.config)
  const own = classifierTensors(base)
  // Of a picture, vectors in front of the blocks are no norms.
  const isNorm = (name: string, kind: string) => kind === 'vector' && !/\bembeddings\./.test(name)
  const behind = (name: string, kind: string) => own.includes(name) || (settings.head && (isNorm(name, kind) || name === head))
  return trainableTensors(base)
    .filter(({ name, kind }) => (blockOf(name) === undefined ? behind(name, kind) : blockOf(name)! >= first))
    .map(({ name }) => name)
}

export const topLayers = defineMethod({
  name: 'top-layers',
  label: 'Top layers',
  summary:
    'Trains all weights of the last blocks and freezes the rest. Choose it for a deeper change than adapters make; it needs less memory and time than full fine-tuning.',
  paper: 'Lee et al. 2019, arXiv 1911.03090',
  fields,
  training: { learningRate: 1e-4 },
  bases: [],
  serves: headTasks,
  peftType: 'FREEZE',
  baseTensors: topTensors,
  setUp: async (context) => trainBaseTensors(context, topTensors(context.base, context.settings)),
  merge: mergeBaseTensors,
  toConfig: (settings, base) => ({
    peft_type: 'FREEZE',
    own_format: true,
    last_n_layers: settings.layers,
    final_norm_and_head: settings.head,
    base_model_name_or_path: base.name,
  }),
  configKeys: { ...commonKeys('FREEZE'), own_format: flag, last_n_layers: count, final_norm_and_head: flag },
  fromConfig: (config) => ({ layers: Number(config.last_n_layers ?? 2), head: config.final_norm_and_head === true }),
})
