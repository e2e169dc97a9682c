// Training the last blocks of the model and freezing the rest (as Lee 2019, arXiv 1911.03090, measured it).
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { Field, SettingsOf } from '../config/field'
import { mergeBaseTensors, trainBaseTensors } from './base-tensors'
import { commonKeys, count, flag } from './config-keys'
import { type Base, defineMethod } from './method'

const fields = [
  {
    key: 'layers',
    type: 'number',
    label: 'Layers',
    help: 'How many blocks are trained, counted from the top.',
    default: 2,
    min: 1,
    max: 1024,
    integer: true,
  },
  {
    key: 'head',
    type: 'boolean',
    label: 'Final norm and head too',
    help: 'The head is the largest matrix; where it is tied, the embedding is trained with it.',
    default: false,
  },
] as const satisfies readonly Field[]
type TopLayersSettings = SettingsOf<typeof fields>

/** The block that a tensor belongs to; undefined for embedding, final norm and head. */
function blockOf(name: string): number | undefined {
  const found = /\.(?:layers|h)\.(\d+)\./.exec(name)?.[1]
  return found === undefined ? undefined : Number(found)
}

function topTensors(base: Base, settings: TopLayersSettings): string[] {
  const first = base.config.layers - settings.layers
  if (first < 0)
    throw new FormatError(
      say`layers: expected at most ${base.config.layers}, as many as ${base.name} has, got ${settings.layers}. Choose fewer.`,
    )
  const head = base.family.head(base.config)
  const behind = (name: string, kind: string) => settings.head && (kind === 'vector' || name === head)
  return [...base.tensors]
    .filter(([name, { kind }]) => (blockOf(name) === undefined ? behind(name, kind) : blockOf(name)! >= first))
    .map(([name]) => name)
}

export const topLayers = defineMethod({
  name: 'top-layers',
  label: 'Top layers',
  summary: 'The last blocks are trained as a whole, the rest of the model stays frozen.',
  paper: 'Lee et al. 2019, arXiv 1911.03090',
  fields,
  training: { learningRate: 1e-4 },
  bases: [],
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
