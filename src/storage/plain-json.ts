// Plain data as JSON, and back: also typed arrays of numbers, NaN and infinity, which JSON lacks.

const key = '$numbers'

const shown = (value: number): number | string => (Number.isFinite(value) ? value : String(value))

function replace(_key: string, value: unknown): unknown {
  if (value instanceof Float64Array) return { [key]: Array.from(value, shown) }
  return typeof value === 'number' && !Number.isFinite(value) ? { [key]: String(value) } : value
}

function revive(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !(key in value)) return value
  const given = value[key]
  return Array.isArray(given) ? Float64Array.from(given, Number) : Number(given)
}

export const plainJson = (value: unknown): string => JSON.stringify(value, replace)
/** @throws SyntaxError */
export const fromPlainJson = (text: string): unknown => JSON.parse(text, revive)
