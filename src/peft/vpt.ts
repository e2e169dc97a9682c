// Visual prompt tuning (Jia et al. 2022, arXiv 2203.12119, equations 4 to 7): vectors beside the patches of a picture are trained, and the
// head. Shallow: P of them enter the first block and pass through all. Deep: each block has its own, which take the place of what the block
// before made of its prompts. They have no positions, so it does not matter that they come in front of [CLS] here, and behind it in the paper.
import type { Field, SettingsOf } from '../config/field'
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import { reshape, splitColumns } from '../ops/shape'
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { classifierTensors, sortingOnly } from './classifier'
import { type Config, count, flag, only, required, text } from './config-keys'
import { type Fresh, declare } from './initial'
import { type Base, type MethodHooks, type NamedTensor, type SetUp, defineMethod } from './method'
import { randomSource, uniform } from './random'

const fields = [
  {
    key: 'virtualTokens',
    type: 'number',
    label: 'Prompts',
    help: 'How many vectors are trained for each layer that has its own. The paper tries 1 to 200.',
    default: 10,
    min: 1,
    max: 1024,
    integer: true,
  },
  {
    key: 'deep',
    type: 'boolean',
    label: 'In every layer',
    help: 'Each layer gets prompts of its own (VPT-deep). Otherwise only the first layer does, and they pass through the others (VPT-shallow).',
    default: true,
    names: { on: 'deep', off: 'shallow' },
  },
] as const satisfies readonly Field[]
type VptSettings = SettingsOf<typeof fields>

const first = 'prompt_embeddings'
const later = 'deep_prompt_embeddings'

/** Uniform in ±√(6 / (channels · patch² + C)), as the authors' code starts prompts. */
function specs({ config: { vision, hidden, layers } }: Base, { virtualTokens, deep }: VptSettings, seed: number): Fresh[] {
  const bound = Math.sqrt(6 / (vision!.channels * vision!.patch ** 2 + hidden))
  const prompts = (name: string, sets: number): Fresh => ({
    name,
    shape: [sets, virtualTokens, hidden],
    decay: true,
    fresh: () => uniform(randomSource(seed, name), sets * virtualTokens * hidden, -bound, bound),
  })
  return [prompts(first, 1), ...(deep && layers > 1 ? [prompts(later, layers - 1)] : [])]
}

/** The head under its own names, with the file's values at the start. */
function headSpecs(base: Base): Fresh[] {
  return classifierTensors(base).map((name) => {
    const { shape } = base.tensors.get(name)!
    return { name, shape, decay: shape.length > 1, fresh: () => base.stored(name) }
  })
}

async function setUp(context: SetUp<VptSettings>): Promise<MethodHooks> {
  const { base, settings, seed } = context
  const { virtualTokens } = settings
  const tensors = declare(context, [...specs(base, settings, seed), ...headSpecs(base)])
  /** [sets, P, C] as matrices [P, C]. */
  const each = (r: Recorder, prompts: Tensor): Tensor[] => {
    const [sets, rows, width] = prompts.shape
    const parts = splitColumns(r, reshape(r, prompts, [1, sets * rows * width]), new Array<number>(sets).fill(rows * width))
    return parts.map((part) => reshape(r, part, [rows, width]))
  }
  return {
    virtualTokens,
    prompts: (r) => [first, later].flatMap((name) => (tensors.has(name) ? each(r, tensors.get(name)!) : [])),
    parameter: (name) => tensors.get(name),
  }
}

function toConfig({ virtualTokens, deep }: VptSettings, { config, name }: Base): Record<string, unknown> {
  return {
    peft_type: 'VPT',
    deep,
    num_virtual_tokens: virtualTokens,
    token_dim: config.hidden,
    num_layers: config.layers,
    task_type: 'IMAGE_CLASSIFICATION',
    base_model_name_or_path: name,
  }
}

/** @throws FormatError if the tensors are not as deep as the configuration says */
function fromConfig(config: Config, base: Base, tensors: ReadonlyMap<string, NamedTensor>): VptSettings {
  const deep = config.deep === true
  if (deep !== tensors.has(later) && base.config.layers > 1)
    throw new FormatError(
      say`adapter_config.json, deep: expected ${later} in the file exactly if it is true, got ${String(deep)}. Use the configuration that belongs to the file.`,
    )
  return { virtualTokens: Number(config.num_virtual_tokens), deep }
}

export const vpt = defineMethod({
  name: 'vpt',
  label: 'Visual prompt tuning',
  summary:
    'Trains a few vectors beside the patches of a picture, in the first layer or in every layer, and the head. Choose it for small files and few pictures per class.',
  paper: 'Jia et al. 2022, arXiv 2203.12119',
  fields,
  training: { learningRate: 1e-2 },
  bases: [],
  peftType: 'VPT',
  serves: sortingOnly,
  library: 'tabtune',
  setUp,
  virtualTokens: (settings) => settings.virtualTokens,
  toConfig,
  configKeys: {
    peft_type: only(text, 'VPT'),
    deep: flag,
    num_virtual_tokens: required(count),
    token_dim: count,
    num_layers: count,
    task_type: only(text, 'IMAGE_CLASSIFICATION'),
    base_model_name_or_path: text,
  },
  fromConfig,
})
