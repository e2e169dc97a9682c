// Lists of the command line: --methods, --metrics, --shots, --against.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'

/** The values themselves. @throws FormatError if there is none, or one twice, which would be computed twice and mean nothing */
export function eachOnce<T extends string | number>(option: string, values: readonly T[]): readonly T[] {
  const twice = values.find((value, i) => values.indexOf(value) < i)
  if (twice !== undefined) throw new FormatError(say`--${option}: expected each value once, got ${twice} twice. Leave one out.`)
  if (values.length === 0 || values.includes('' as T))
    throw new FormatError(say`--${option}: expected a value, got nothing. Give one, or leave the option out.`)
  return values
}
