// GGUF metadata → ModelConfig, with the defaults of llama.cpp's loader (llama-model.cpp, load_hparams).
import { FormatError, UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import { checkConfig } from './config-check'
import { architectureOf, checkFamily, familyOfGguf, filesOf } from './families/registry'
import { checkGgufFormula } from './formula-keys'
import type { GgufHeader, GgufTensor } from './gguf'
import { ggufTypes } from './gguf-types'
import type { ModelConfig } from './model-file'
import { f32 } from './quant/f32'
import { scaledRope } from './rope-factors'
import { checkGgufKinds } from './setting-kinds'
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
  ropeDim: 'rope.dimension_count',
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

/**
 * The rotary scaling as config.json would name it; undefined for none. A scaling without a type is linear, and the old key is read if the
 * new one is absent. llama.cpp computes YaRN as transformers does (ggml-cpu/ops.cpp, rope_yarn).
 */
function scalingOf(where: string, get: (key: string) => unknown): Readonly<Record<string, unknown>> | undefined {
  const type = get('rope.scaling.type') ?? 'linear'
  if (type === 'none') return undefined
  if (type !== 'linear' && type !== 'yarn')
    throw new UnsupportedError(
      say`${where}: expected no rotary scaling, a linear one, YaRN or one by rope_freqs.weight, got ${String(type).slice(0, 40)}. Choose another model.`,
    )
  const factor = get('rope.scaling.factor') ?? get('rope.scale_linear') ?? 0
  if (typeof factor !== 'number' || !Number.isFinite(factor) || factor < 0)
    throw new FormatError(
      say`${where}, rope.scaling.factor: expected a number from 0, got ${String(factor).slice(0, 40)}. The file may be damaged; download it again.`,
    )
  if (factor === 0 || factor === 1) return undefined
  if (type === 'linear') return { rope_type: 'linear', factor }
  const original = get('rope.scaling.original_context_length')
  const [fast, slow] = [get('rope.scaling.yarn_beta_fast'), get('rope.scaling.yarn_beta_slow')]
  return {
    rope_type: 'yarn',
    factor,
    ...(original !== undefined && { original_max_position_embeddings: original }),
    ...(fast !== undefined && { beta_fast: fast }),
    ...(slow !== undefined && { beta_slow: slow }),
  }
}

/** Factors of single frequencies, if the file has them. */
async function ownFactors(source: ByteSource, tensor: GgufTensor | undefined, count: number): Promise<number[] | undefined> {
  if (!tensor) return undefined
  if (tensor.dimensions.join() !== String(count) || ggufTypes[tensor.type]?.format !== 'f32') {
    throw new FormatError(
      say`${source.name}, ${tensor.name}: expected ${count} F32 factors, got ${tensor.dimensions.join(' × ')}. The file is damaged; download it again.`,
    )
  }
  const factors = f32.decode(await tensor.source.read(tensor.offset, tensor.sizeBytes!), count)
  const odd = factors.find((factor) => !(factor > 0 && factor < Infinity))
  if (odd === undefined) return Array.from(factors)
  throw new FormatError(say`${source.name}, ${tensor.name}: expected factors above 0, got ${odd}. The file is damaged; download it again.`)
}

/** Everything about rotary scaling: the metadata, and tensors of factors. */
async function scaling(
  source: ByteSource,
  tensors: GgufHeader['tensors'],
  get: (key: string) => unknown,
  { ropeTheta: theta, ropeDim, headDim, context, family }: ModelConfig,
): Promise<Pick<ModelConfig, 'ropeFactors' | 'rope'>> {
  const dim = ropeDim ?? headDim
  const list = (name: string) => ownFactors(source, tensors.get(`rope_${name}.weight`), dim / 2)
  // The lists of LongRoPE are tensors.
  const [short, long] = filesOf(family).ggufLongRope ? [await list('factors_short'), await list('factors_long')] : []
  const settings = short && long ? undefined : scalingOf(source.name, get)
  const scaled = scaledRope(source.name, settings, { theta, dim, context })
  const own = await list('freqs')
  if (own) return { ...scaled, ropeFactors: own.map((factor, j) => factor * (scaled.ropeFactors?.[j] ?? 1)) }
  if (!short || !long) return scaled
  return scaledRope(
    source.name,
    {
      rope_type: 'longrope',
      short_factor: short,
      long_factor: long,
      attention_factor: get('rope.scaling.attn_factor') ?? 1,
      original_max_position_embeddings: get('rope.scaling.original_context_length') ?? context,
    },
    { theta, dim, context },
  )
}

/** @throws UnsupportedError for a family or a setting that is not supported; FormatError naming all impossible numbers */
export async function ggufConfig(source: ByteSource, { metadata, tensors }: GgufHeader): Promise<ModelConfig> {
  const family = familyOfGguf(metadata)
  checkFamily(source.name, family)
  checkGgufKinds(source.name, metadata, family)
  const { activation, ggufKeys, noGguf, partialRotary } = filesOf(family)
  if (noGguf) throw new UnsupportedError(say`${source.name}: expected a family that GGUF has, got ${family}. ${noGguf}. Choose a folder.`)
  // llama.cpp reads only the epsilon of the family's norms, and requires it.
  const [epsilonKey] = ggufKeys.find(([, , field]) => field === 'normEpsilon')!
  const architecture = architectureOf(family)
  const get = (key: string) => metadata[`${architecture}.${key}`]
  const number = (key: string) => forAllLayers(source.name, `${architecture}.${key}`, get(key)) as number | undefined
  const hidden = number('embedding_length') as number
  const heads = number('attention.head_count') as number
  const headDim = number('attention.key_length') ?? Number(hidden) / Number(heads)
  const rotated = partialRotary === undefined ? undefined : number('rope.dimension_count')
  const config: ModelConfig = {
    family,
    layers: number('block_count') as number,
    hidden,
    intermediate: number('feed_forward_length') as number,
    heads,
    kvHeads: number('attention.head_count_kv') ?? heads,
    headDim,
    vocab: tensors.get('token_embd.weight')?.dimensions[1] as number,
    context: number('context_length') as number,
    normEpsilon: number(epsilonKey) as number,
    ropeTheta: number('rope.freq_base') ?? 10_000,
    ...(rotated !== undefined && rotated !== headDim && { ropeDim: rotated }),
    tied: !tensors.has('output.weight'),
    hiddenAct: activation,
    raw: Object.fromEntries(Object.entries(metadata).filter(([key]) => !key.startsWith('tokenizer.'))),
  }
  const checked = checkConfig(source.name, config, { ...configKeys, normEpsilon: epsilonKey })
  checkGgufFormula(source.name, metadata, checked)
  return filesOf(family).rotary ? { ...checked, ...(await scaling(source, tensors, get, checked)) } : checked
}
