// Values of files as errors show them.
import { type PhraseValue, say } from '../config/phrase'

/** A value as JSON, at most `longest` characters of it. 64-bit whole numbers, which JSON.stringify refuses, are written as digits. */
export function shown(value: unknown, longest = 40): PhraseValue {
  const plain = (_key: string, part: unknown): unknown => {
    if (typeof part === 'bigint') return String(part)
    // GGUF's lists of numbers are typed arrays, which JSON would write as objects.
    return ArrayBuffer.isView(part) ? Array.from(part as Float64Array) : part
  }
  if (typeof value === 'bigint') return String(value).slice(0, longest)
  return JSON.stringify(value, plain)?.slice(0, longest) ?? say`nothing`
}
