// Rotary frequencies that a model's configuration scales: the factor by which each of the D/2 frequencies is divided.
import { UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'

function number(where: string, scaling: Readonly<Record<string, unknown>>, key: string): number {
  const value = scaling[key]
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value
  throw new UnsupportedError(
    say`${where}: expected a positive number for ${key} of the rotary scaling, got ${JSON.stringify(value)}. Use the model's original config.json.`,
  )
}

/** Llama 3.1 (its release's model.py, apply_scaling; transformers modeling_rope_utils.py): long waves divided by `factor`, short ones kept, between smoothed. */
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
 * Factors for `rope_scaling` (or `rope_parameters`) of a config.json, in float64; undefined where nothing is scaled.
 * @throws UnsupportedError naming what is supported
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
