// `==` of a chat template like in Python: none is not undefined, text is never a number, and lists and objects are equal if their
// values are.
import type { JinjaValue } from './jinja-values'

const numbers: readonly string[] = ['IntegerValue', 'FloatValue', 'BooleanValue']
const lists: readonly string[] = ['ArrayValue', 'TupleValue']

export function pythonEquals(a: JinjaValue, b: JinjaValue): boolean {
  if (numbers.includes(a.type) && numbers.includes(b.type)) return Number(a.value) === Number(b.value)
  if (a.type !== b.type) return false
  if (lists.includes(a.type)) {
    const [left, right] = [a.value as JinjaValue[], b.value as JinjaValue[]]
    return left.length === right.length && left.every((item, i) => pythonEquals(item, right[i]))
  }
  if (a.type !== 'ObjectValue') return a.value === b.value
  const [left, right] = [a.value as Map<string, JinjaValue>, b.value as Map<string, JinjaValue>]
  return left === right || (left.size === right.size && [...left].every(([key, value]) => isEqualIn(right, key, value)))
}

function isEqualIn(fields: ReadonlyMap<string, JinjaValue>, key: string, value: JinjaValue): boolean {
  const other = fields.get(key)
  return other !== undefined && pythonEquals(value, other)
}
