// Values of files in the words of an error.

/** A value as JSON, at most `longest` characters of it; 64-bit whole numbers, which JSON.stringify refuses, by their digits. */
export function shown(value: unknown, longest = 40): string {
  const json = JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? String(part) : part)) ?? 'nothing'
  return (typeof value === 'bigint' ? String(value) : json).slice(0, longest)
}
