// The option --dtype: how the values of a file are written.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import { type MergeForm, ggufMixes } from '../config/run-reports'
import type { FloatType } from '../peft/model-folder'
import type { Options } from './options'

const types: readonly FloatType[] = ['f32', 'f16', 'bf16']

/** The option's value, if it is one of `types`. @throws FormatError naming the types */
function typeOf<T extends string>(options: Options, types: readonly T[]): T | undefined {
  const wanted = options.text('dtype')
  if (wanted === undefined) return undefined
  const type = types.find((t) => t === wanted.toLowerCase())
  if (!type) throw new FormatError(say`--dtype: expected one of ${types.join(', ')}, got ${wanted}. Choose one of these.`)
  return type
}

/** @throws FormatError naming the types */
export const floatTypeOf = <T extends FloatType | undefined>(options: Options, usual: T): FloatType | T => typeOf(options, types) ?? usual

/** The form that tabtune merge writes. @throws FormatError naming the types of a folder, or of a GGUF file with --gguf */
export const mergeFormOf = (options: Options): MergeForm =>
  options.flag('gguf') ? `gguf-${typeOf(options, ggufMixes) ?? 'f16'}` : floatTypeOf(options, 'f16')
