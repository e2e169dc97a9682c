// Values of files as errors show them.

/** A value as JSON, at most `longest` characters of it. 64-bit whole numbers, which JSON.stringify refuses, are written as digits. */
export function shown(value: unknown, longest = 40): string {
  const plain = (_key: string, part: unknown): unknown => {
    if (typeof part === 'bigint') return String(part)
    // GGUF's lists of numbers are typed arrays, which JSON would write as objects.
    return ArrayBuffer.isView(part) ? Array.from(part as Float64Array) : part
  }
  const json = JSON.stringify(value, plain) ?? 'nothing'
  return (typeof value === 'bigint' ? String(value) : json).slice(0, longest)
}
