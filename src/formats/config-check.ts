// What every model's configuration must fulfil, from whichever file it came.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import { filesOf } from './families/registry'
import type { ModelConfig } from './model-file'
import { shown } from './shown'

const counts = ['layers', 'hidden', 'intermediate', 'heads', 'kvHeads', 'headDim', 'vocab', 'context'] as const
const numbers = ['normEpsilon', 'ropeTheta'] as const

/** The configuration, if its numbers can belong to a model. `names`: how the file calls each field. @throws FormatError with all that is wrong */
export function checkConfig(where: string, config: ModelConfig, names: Readonly<Partial<Record<keyof ModelConfig, string>>>): ModelConfig {
  const problems: string[] = []
  const complain = (key: keyof ModelConfig, expected: string) => {
    const value = config[key]
    problems.push(`${names[key] ?? key}: expected ${expected}, got ${shown(Number.isNaN(value) ? undefined : (value ?? undefined))}`)
  }
  if (typeof config.family !== 'string' || !config.family) complain('family', 'the name of an architecture')
  for (const key of counts)
    if (!Number.isSafeInteger(config[key]) || config[key] < 1 || config[key] > 2 ** 31) complain(key, 'a whole number from 1')
  for (const key of numbers)
    if (!(typeof config[key] === 'number' && config[key] > 0 && Number.isFinite(config[key]))) complain(key, 'a positive number')
  if (config.layers > 1024) complain('layers', 'at most 1024')
  if (problems.length === 0) {
    // Rotary embeddings turn pairs.
    if (config.headDim % 2 && filesOf(config.family).rotary) complain('headDim', 'an even number')
    if (config.heads % config.kvHeads) complain('kvHeads', `a divisor of ${config.heads} heads`)
  }
  if (problems.length)
    throw new FormatError(
      say`${where}: ${problems.join('; ')}. TabTune cannot run a model of such numbers; compare the file with its publisher's, or choose another model.`,
    )
  return config
}
