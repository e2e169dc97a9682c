// Scaled rotary frequencies: from a model's configuration to the factor by which each of the D/2 frequencies is divided, and back.
import { UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import type { ModelConfig } from './model-file'

function number(where: string, scaling: Readonly<Record<string, unknown>>, key: string): number {
  const value = scaling[key]
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value
  throw new UnsupportedError(
    say`${where}: expected a positive number for ${key} of the rotary scaling, got ${value === undefined ? say`none` : JSON.stringify(value)}. Use the model's original config.json.`,
  )
}

/** Llama 3.1 (its release's model.py, apply_scaling; transformers modeling_rope_utils.py): frequencies of long waves are divided by `factor`, those of short waves are kept, and those between are interpolated. */
function llama3Factors(where: string, scaling: Readonly<Record<string, unknown>>, theta: number, headDim: number): number[] {
  const factor = number(where, scaling, 'factor')
  const low = number(where, scaling, 'low_freq_factor')
  const high = number(where, scaling, 'high_freq_factor')
  const original = number(where, scaling, 'original_max_position_embeddings')
  return Array.from({ length: headDim / 2 }, (_, j) => {
    const wavelength = 2 * Math.PI * theta ** ((2 * j) / headDim)
    if (wavelength < original / high) return 1
    if (wavelength > original / low) return factor
    const smooth = (original / wavelength - low) / (high - low)
    return 1 / ((1 - smooth) / factor + smooth)
  })
}

/**
 * Factors for `rope_scaling` (or `rope_parameters`) of a config.json, in float64; undefined if nothing is scaled.
 * @throws UnsupportedError naming the supported kinds
 */
export function ropeFactors(where: string, scaling: unknown, theta: number, headDim: number): readonly number[] | undefined {
  if (typeof scaling !== 'object' || scaling === null) return undefined
  const settings = scaling as Record<string, unknown>
  const type = settings.rope_type ?? settings.type ?? 'default'
  if (type === 'default') return undefined
  if (type === 'llama3') return llama3Factors(where, settings, theta, headDim)
  if (type === 'linear') return new Array<number>(headDim / 2).fill(number(where, settings, 'factor'))
  throw new UnsupportedError(
    say`${where}: expected rotary scaling default, linear or llama3, got ${String(type).slice(0, 40)}. Choose a model with one of these.`,
  )
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
export function ropeScaling({ ropeFactors: wanted, ropeTheta, headDim }: ModelConfig): Record<string, unknown> | null {
  if (!wanted || wanted.every((f) => f === 1)) return null
  if (wanted.every((f) => f === wanted[0])) return { rope_type: 'linear', factor: wanted[0] }
  const found = llama3Scalings(Math.max(...wanted)).find((s) =>
    ropeFactors('', s, ropeTheta, headDim)?.every((f, i) => Math.abs(f - wanted[i]!) < 1e-5 * f),
  )
  if (!found)
    throw new UnsupportedError(
      say`config.json: expected Llama 3's rotary scaling or a linear one, got other factors. Start from the model's Hugging Face folder instead.`,
    )
  return found
}
