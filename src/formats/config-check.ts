// Checks that apply to every model's configuration, from any kind of file.
import { FormatError } from '../config/errors'
import { type Phrase, joined, say } from '../config/phrase'
import { filesOf } from './families/registry'
import type { ModelConfig } from './model-file'
import { aPositive, isPositive } from './setting-kinds'
import { shown } from './shown'

const counts = ['layers', 'hidden', 'intermediate', 'heads', 'kvHeads', 'headDim', 'vocab', 'context'] as const
const numbers = ['normEpsilon', 'ropeTheta'] as const

/** Largest size of a head. There is a rotary factor for each half of it. */
export const maxHeadDim = 1 << 16

/** Largest width of the hidden states. Parts of a matrix have 64 rows or more, and must fit into a buffer. */
const maxHidden = 1 << 20

/** The configuration, if its numbers can belong to a model. `names`: the file's name of each field. @throws FormatError naming all that is wrong */
export function checkConfig(where: string, config: ModelConfig, names: Readonly<Partial<Record<keyof ModelConfig, string>>>): ModelConfig {
  const problems: Phrase[] = []
  const complain = (key: keyof ModelConfig, expected: Phrase) => {
    const value = config[key]
    problems.push(say`${names[key] ?? key}: expected ${expected}, got ${shown(Number.isNaN(value) ? undefined : (value ?? undefined))}`)
  }
  if (typeof config.family !== 'string' || !config.family) complain('family', say`the name of an architecture`)
  for (const key of counts)
    if (!Number.isSafeInteger(config[key]) || config[key] < 1 || config[key] > 2 ** 31) complain(key, say`a whole number from 1`)
  for (const key of numbers) if (!isPositive(config[key])) complain(key, aPositive)
  if (config.layers > 1024) complain('layers', say`at most 1024`)
  if (config.hidden > maxHidden) complain('hidden', say`at most ${maxHidden}`)
  if (config.headDim > maxHeadDim) complain('headDim', say`at most ${maxHeadDim}`)
  if (problems.length === 0) {
    if (config.heads * config.headDim > maxHidden)
      complain('heads', say`at most ${Math.floor(maxHidden / config.headDim)} heads of ${config.headDim} numbers`)
    // Rotary embeddings rotate pairs.
    const { ropeDim = 2, headDim } = config
    if (!(ropeDim > 0 && ropeDim % 2 === 0 && ropeDim <= headDim)) complain('ropeDim', say`an even number up to ${headDim}`)
    if (config.headDim % 2 && filesOf(config.family).rotary) complain('headDim', say`an even number`)
    if (config.heads % config.kvHeads) complain('kvHeads', say`a divisor of ${config.heads} heads`)
  }
  if (problems.length)
    throw new FormatError(
      say`${where}: ${joined(problems, '; ')}. TabTune cannot run a model with such numbers. Compare the file with its publisher's, or choose another model.`,
    )
  filesOf(config.family).experts?.mixture(config)
  return config
}
