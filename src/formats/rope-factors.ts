// Scaled rotary frequencies: from a model's configuration to the factor by which each of the frequencies is divided, and back.
import { UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import type { ModelConfig, RopeScaling } from './model-file'
import { shown } from './shown'

type Settings = Readonly<Record<string, unknown>>

function number(where: string, scaling: Settings, key: string): number {
  const value = scaling[key]
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value
  throw new UnsupportedError(
    say`${where}: expected a positive number for ${key} of the rotary scaling, got ${value === undefined ? say`none` : JSON.stringify(value)}. Use the model's original config.json.`,
  )
}

/** Llama 3.1 (its release's model.py, apply_scaling; transformers modeling_rope_utils.py): frequencies of long waves are divided by `factor`, those of short waves are kept, and those between are interpolated. */
function llama3Factors(where: string, scaling: Settings, theta: number, dim: number): number[] {
  const factor = number(where, scaling, 'factor')
  const low = number(where, scaling, 'low_freq_factor')
  const high = number(where, scaling, 'high_freq_factor')
  const original = number(where, scaling, 'original_max_position_embeddings')
  return Array.from({ length: dim / 2 }, (_, j) => {
    const wavelength = 2 * Math.PI * theta ** ((2 * j) / dim)
    if (wavelength < original / high) return 1
    if (wavelength > original / low) return factor
    const smooth = (original / wavelength - low) / (high - low)
    return 1 / ((1 - smooth) / factor + smooth)
  })
}

/** What a scaling depends on. `dim`: how many numbers of a head are rotated. */
interface Rotary {
  theta: number
  dim: number
  context: number
  /** `original_max_position_embeddings` beside the scaling, which counts before the one in it. */
  original?: unknown
}

/** What `rope_scaling` changes: the factors of the frequencies, and more. */
interface ScaledRope {
  ropeFactors?: readonly number[]
  rope?: RopeScaling
}

/** The rotary parameters of a config.json. Of both keys, the older one counts unless it is empty (modeling_rope_utils.py, convert_rope_params_to_dict). */
export function ropeParameters({ rope_scaling: older, rope_parameters: newer }: Settings): Settings | undefined {
  return ((older && Object.keys(older).length ? older : newer) ?? undefined) as Settings | undefined
}

const optional = (where: string, scaling: Settings, key: string): number | undefined =>
  scaling[key] === undefined || scaling[key] === null ? undefined : number(where, scaling, key)

const logScale = (factor: number, by: number) => (factor <= 1 ? 1 : 0.1 * by * Math.log(factor) + 1)

/** YaRN (Peng 2023, arXiv 2309.00071, section 3; transformers modeling_rope_utils.py): frequencies that turn less than `beta_slow` times in the original context are divided, those that turn more than `beta_fast` times are kept. */
function yarn(where: string, given: Settings, { theta, dim, context, original: beside }: Rotary): ScaledRope {
  const settings: Settings = { ...given, ...(typeof beside === 'number' && { original_max_position_embeddings: beside }) }
  const original = optional(where, settings, 'original_max_position_embeddings') ?? context
  const factor = optional(where, settings, 'factor') ?? context / original
  const [mscale, mscaleAll] = ['mscale', 'mscale_all_dim'].map((key) => (settings[key] ? number(where, settings, key) : undefined))
  const usual = mscale && mscaleAll ? logScale(factor, mscale) / logScale(factor, mscaleAll) : logScale(factor, 1)
  const turning = (turns: number) => (dim * Math.log(original / (turns * 2 * Math.PI))) / (2 * Math.log(theta))
  const whole = settings.truncate !== false
  const ends = [turning(optional(where, settings, 'beta_fast') ?? 32), turning(optional(where, settings, 'beta_slow') ?? 1)] as const
  const low = Math.max(whole ? Math.floor(ends[0]) : ends[0], 0)
  const high = Math.min(whole ? Math.ceil(ends[1]) : ends[1], dim - 1)
  const ropeFactors = Array.from({ length: dim / 2 }, (_, j) => {
    const divided = Math.min(1, Math.max(0, (j - low) / (high === low ? 0.001 : high - low)))
    return 1 / (divided / factor + 1 - divided)
  })
  const scale = optional(where, settings, 'attention_factor') ?? usual
  return { ropeFactors, rope: { scale, settings: { ...settings, rope_type: 'yarn', factor, original_max_position_embeddings: original } } }
}

/** LongRoPE (Ding 2024, arXiv 2402.13753; transformers modeling_rope_utils.py): a list of factors for runs within the original context, another for longer ones. */
function longRope(where: string, given: Settings, { dim, context, original: beside }: Rotary): ScaledRope {
  const settings: Settings = { ...given, ...(typeof beside === 'number' && { original_max_position_embeddings: beside }) }
  const original = optional(where, settings, 'original_max_position_embeddings') ?? context
  const factor = optional(where, settings, 'factor') ?? context / original
  const [short, long] = ['short_factor', 'long_factor'].map((key) => {
    const list = settings[key]
    if (Array.isArray(list) && list.length === dim / 2 && list.every((f) => typeof f === 'number' && f > 0 && f < Infinity))
      return list as number[]
    throw new UnsupportedError(
      say`${where}: expected ${dim / 2} positive numbers for ${key} of the rotary scaling, got ${shown(list, 60)}. Use the model's original config.json.`,
    )
  }) as [number[], number[]]
  const usual = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original))
  const scale = optional(where, settings, 'attention_factor') ?? usual
  return {
    ropeFactors: short,
    rope: {
      scale,
      long: { beyond: original, factors: long },
      settings: { ...settings, rope_type: 'longrope', original_max_position_embeddings: original },
    },
  }
}

/** Dynamic NTK scaling (transformers modeling_rope_utils.py): nothing changes within the context. With `alpha`, as Tencent's models have it, the base is always larger. */
function dynamicScaling(where: string, settings: Settings, { dim }: Rotary): ScaledRope {
  if (settings.alpha) {
    const grown = number(where, settings, 'alpha') ** (dim / (dim - 2))
    return {
      ropeFactors: Array.from({ length: dim / 2 }, (_, j) => grown ** ((2 * j) / dim)),
      rope: { settings: { ...settings, rope_type: 'dynamic' } },
    }
  }
  return { rope: { dynamic: number(where, settings, 'factor'), settings: { ...settings, rope_type: 'dynamic' } } }
}

/**
 * What `rope_scaling` (or `rope_parameters`) of a config.json asks for, in float64.
 * @throws UnsupportedError naming the supported kinds
 */
export function scaledRope(where: string, scaling: unknown, rotary: Rotary): ScaledRope {
  if (typeof scaling !== 'object' || scaling === null) return {}
  const settings = scaling as Settings
  const type = settings.rope_type ?? settings.type ?? 'default'
  const { theta, dim } = rotary
  // Positions of time, height and width (Qwen2-VL) are one number for text.
  if (type === 'default' || type === 'mrope') return {}
  if (type === 'llama3') return { ropeFactors: llama3Factors(where, settings, theta, dim) }
  if (type === 'linear') return { ropeFactors: new Array<number>(dim / 2).fill(number(where, settings, 'factor')) }
  if (type === 'yarn') return yarn(where, settings, rotary)
  // Phi-3's first files call it "su".
  if (type === 'longrope' || type === 'su') return longRope(where, settings, rotary)
  if (type === 'dynamic') return dynamicScaling(where, settings, rotary)
  throw new UnsupportedError(
    say`${where}: expected rotary scaling default, linear, dynamic, yarn, longrope or llama3, got ${String(type).slice(0, 40)}. Choose a model with one of these.`,
  )
}

/** The rotary table of a run with `positions` positions: the base of its frequencies, their factors, and what cosines and sines are multiplied by. */
export function ropeFor(
  { ropeTheta, ropeFactors, rope, ropeDim, headDim, context }: ModelConfig,
  positions: number,
): { theta: number; factors?: readonly number[]; scale?: number } {
  const dim = ropeDim ?? headDim
  const grown = rope?.dynamic && positions > context ? (rope.dynamic * positions) / context - (rope.dynamic - 1) : 1
  const factors = rope?.long && positions > rope.long.beyond ? rope.long.factors : ropeFactors
  return { theta: grown === 1 ? ropeTheta : ropeTheta * grown ** (dim / (dim - 2)), factors, scale: rope?.scale }
}

/** Llama 3's scalings with its own bounds of short and long waves, for each possible original context. */
function llama3Scalings(factor: number): Record<string, unknown>[] {
  return Array.from({ length: 15 }, (_, i) => ({
    rope_type: 'llama3',
    factor,
    low_freq_factor: 1,
    high_freq_factor: 4,
    original_max_position_embeddings: 16 << i,
  }))
}

/** The `rope_scaling` that gives the model's factors; null for none. @throws UnsupportedError for an unknown scaling */
export function ropeScaling({ ropeFactors: wanted, rope, ropeTheta, ropeDim, headDim }: ModelConfig): Settings | null {
  const dim = ropeDim ?? headDim
  if (rope) return rope.settings
  if (!wanted || wanted.every((f) => f === 1)) return null
  if (wanted.every((f) => f === wanted[0])) return { rope_type: 'linear', factor: wanted[0] }
  const found = llama3Scalings(Math.max(...wanted)).find((s) =>
    scaledRope('', s, { theta: ropeTheta, dim, context: 0 }).ropeFactors?.every((f, i) => Math.abs(f - wanted[i]!) < 1e-5 * f),
  )
  if (!found)
    throw new UnsupportedError(
      say`config.json: expected Llama 3's rotary scaling or a linear one, got other factors. Start from the model's Hugging Face folder instead.`,
    )
  return found
}
