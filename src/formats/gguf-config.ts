// GGUF metadata → ModelConfig, with the defaults of llama.cpp's loader (llama-model.cpp, load_hparams).
import { FormatError, UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import { checkConfig } from './config-check'
import { checkFamily, filesOf } from './families/registry'
import { checkGgufFormula } from './formula-keys'
import type { GgufHeader, GgufTensor } from './gguf'
import { ggufTypes } from './gguf-types'
import type { ModelConfig } from './model-file'
import { f32 } from './quant/f32'
import type { ByteSource } from './source'

type Metadata = GgufHeader['metadata']

const configKeys = {
  family: 'general.architecture',
  layers: 'block_count',
  hidden: 'embedding_length',
  intermediate: 'feed_forward_length',
  heads: 'attention.head_count',
  kvHeads: 'attention.head_count_kv',
  headDim: 'attention.key_length',
  context: 'context_length',
  vocab: 'rows of token_embd.weight',
  ropeTheta: 'rope.freq_base',
} as const

/** The value of a setting that some files list for every layer. @throws UnsupportedError if layers differ */
function forAllLayers(where: string, key: string, value: Metadata[string] | undefined): unknown {
  if (typeof value !== 'object') return value
  const values = Array.from(value as ArrayLike<unknown>)
  const different = [...new Set(values)]
  if (different.length === 1) return different[0]
  throw new UnsupportedError(
    say`${where}, ${key}: expected the same number for all layers, got ${different.slice(0, 4).map(String).join(', ') || say`an empty list`}. TabTune runs models whose layers all have one size. Choose another model.`,
  )
}

/** The number that all rotary frequencies are divided by. A scaling without a type is linear, and the old key is read if the new one is absent. */
function linearFactor(where: string, get: (key: string) => unknown): number {
  const type = get('rope.scaling.type') ?? 'linear'
  if (type === 'none') return 1
  if (type !== 'linear')
    throw new UnsupportedError(
      say`${where}: expected no rotary scaling, a linear one or one by rope_freqs.weight, got ${String(type).slice(0, 40)}. Choose another model.`,
    )
  const factor = get('rope.scaling.factor') ?? get('rope.scale_linear') ?? 0
  if (typeof factor === 'number' && Number.isFinite(factor) && factor >= 0) return factor || 1
  throw new FormatError(
    say`${where}, rope.scaling.factor: expected a number from 0, got ${String(factor).slice(0, 40)}. The file may be damaged; download it again.`,
  )
}

/** Factors of single frequencies, if the file has them. */
async function ownFactors(source: ByteSource, tensor: GgufTensor | undefined, count: number): Promise<Float32Array | undefined> {
  if (!tensor) return undefined
  if (tensor.dimensions.join() !== String(count) || ggufTypes[tensor.type]?.format !== 'f32') {
    throw new FormatError(
      say`${source.name}, rope_freqs.weight: expected ${count} F32 factors, got ${tensor.dimensions.join(' × ')}. The file is damaged; download it again.`,
    )
  }
  const factors = f32.decode(await tensor.source.read(tensor.offset, tensor.sizeBytes!), count)
  const odd = factors.find((factor) => !(factor > 0 && factor < Infinity))
  if (odd === undefined) return factors
  throw new FormatError(
    say`${source.name}, rope_freqs.weight: expected factors above 0, got ${odd}. The file is damaged; download it again.`,
  )
}

/** @throws UnsupportedError for a family or a setting that is not supported; FormatError naming all impossible numbers */
export async function ggufConfig(source: ByteSource, { metadata, tensors }: GgufHeader): Promise<ModelConfig> {
  const family = String(metadata['general.architecture'] ?? '')
  checkFamily(source.name, family)
  const { activation, ggufKeys } = filesOf(family)
  // llama.cpp reads only the epsilon of the family's norms, and requires it.
  const [epsilonKey] = ggufKeys.find(([, , field]) => field === 'normEpsilon')!
  const get = (key: string) => metadata[`${family}.${key}`]
  const number = (key: string) => forAllLayers(source.name, `${family}.${key}`, get(key)) as number | undefined
  const hidden = number('embedding_length') as number
  const heads = number('attention.head_count') as number
  const config: ModelConfig = {
    family,
    layers: number('block_count') as number,
    hidden,
    intermediate: number('feed_forward_length') as number,
    heads,
    kvHeads: number('attention.head_count_kv') ?? heads,
    headDim: number('attention.key_length') ?? hidden / heads,
    vocab: tensors.get('token_embd.weight')?.dimensions[1] as number,
    context: number('context_length') as number,
    normEpsilon: number(epsilonKey) as number,
    ropeTheta: number('rope.freq_base') ?? 10_000,
    tied: !tensors.has('output.weight'),
    hiddenAct: activation,
    raw: Object.fromEntries(Object.entries(metadata).filter(([key]) => !key.startsWith('tokenizer.'))),
  }
  const checked = checkConfig(source.name, config, { ...configKeys, normEpsilon: epsilonKey })
  checkGgufFormula(source.name, metadata, checked)
  const half = checked.headDim / 2
  const factors = await ownFactors(source, tensors.get('rope_freqs.weight'), half)
  const linear = linearFactor(source.name, get)
  if (!factors && linear === 1) return checked
  return { ...checked, ropeFactors: Array.from({ length: half }, (_, j) => linear * (factors?.[j] ?? 1)) }
}
