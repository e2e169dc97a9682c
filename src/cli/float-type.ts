// The option --dtype: how the values of a file are written.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { FloatType } from '../peft/model-folder'
import type { Options } from './options'

const types: readonly FloatType[] = ['f32', 'f16', 'bf16']

/** @throws FormatError naming the types */
export function floatTypeOf<T extends FloatType | undefined>(options: Options, usual: T): FloatType | T {
  const wanted = options.text('dtype')
  if (wanted === undefined) return usual
  const type = types.find((t) => t === wanted.toLowerCase())
  if (!type) throw new FormatError(say`--dtype: expected one of ${types.join(', ')}, got ${wanted}. Choose one of these.`)
  return type
}
