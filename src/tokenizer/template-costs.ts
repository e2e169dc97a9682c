// Costs of a chat template's operations, from the sizes of their operands and results (template-budget.ts).
import type { JinjaValue } from './jinja-values'
import type { TemplateBudget } from './template-budget'

/** Bytes of an interpreter's value in a list, and of the methods that it makes for a text when a key of it is read. */
const [valueBytes, methodBytes] = [100, 1000]

const textOf = (value: JinjaValue | undefined): string | undefined => (typeof value?.value === 'string' ? value.value : undefined)
const listOf = (value: JinjaValue | undefined): JinjaValue[] | undefined =>
  Array.isArray(value?.value) ? (value.value as JinjaValue[]) : undefined
const fieldsOf = (value: JinjaValue): Map<string, JinjaValue> | undefined =>
  (value.value as unknown) instanceof Map ? (value.value as Map<string, JinjaValue>) : undefined

/** Comparisons that sorting `n` items takes. */
const sorted = (n: number): number => n * Math.log2(n + 1)

/** Number of times that `part` is in `text`. */
function occurrences(text: string, part: string): number {
  if (!part) return text.length + 1
  let count = 0
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) count++
  return count
}

/** The size that arguments add to each item that is made: lengths of texts, numbers themselves, sums over lists. */
function argumentSize(args: readonly JinjaValue[]): number {
  return args.reduce((sum, arg) => {
    const number = Number(arg.value)
    return sum + (textOf(arg)?.length ?? (listOf(arg) ? listOf(arg)!.length : Number.isFinite(number) ? Math.abs(number) : 0))
  }, 0)
}

/** Charges for `left operator right`. */
export function chargeOperation(budget: TemplateBudget, operator: string, left: JinjaValue, right: JinjaValue): void {
  const [a, b] = [textOf(left), textOf(right)]
  const [list, other] = [listOf(left), listOf(right)]
  if (operator === '~' || (operator === '+' && (a !== undefined || b !== undefined))) {
    const [n, m] = [a?.length ?? budget.whole(left), b?.length ?? budget.whole(right)]
    // A long text refers to its parts, so it may grow piece by piece.
    budget.text(n + m, Math.min(n, m) + 32)
  } else if (operator === '+' && list && other) budget.list(list.length + other.length, 2, 4)
  else if (operator === '==' || operator === '!=') {
    if (a !== undefined && b !== undefined) budget.charge(a.length === b.length ? a.length : 1)
    else if (list || fieldsOf(left)) budget.whole(left)
  } else if (operator === 'in' || operator === 'not in') {
    if (other) budget.charge(5 * other.length)
    else if (a !== undefined && b !== undefined) budget.search(b, a)
  }
}

/** Charges for `value | name(args)`. */
export function chargeFilter(budget: TemplateBudget, name: string, value: JinjaValue, args: readonly JinjaValue[]): void {
  const text = textOf(value)
  const list = listOf(value)
  const size = argumentSize(args)
  if (['tojson', 'string', 'trim', 'capitalize', 'title', 'join'].includes(name)) {
    const written = text?.length ?? budget.whole(value)
    const items = name === 'join' ? (list?.length ?? text?.length ?? 0) : name === 'tojson' ? written : 0
    budget.text(written + items * size)
    if (name === 'title') budget.charge(20 * written)
  } else if (text !== undefined) chargeMethod(budget, name, text, args)
  else if (list) chargeListFilter(budget, name, list, size)
  else if (fieldsOf(value)) {
    const { size: n } = fieldsOf(value)!
    if (name !== 'length')
      budget.charge(name === 'dictsort' ? 100 * sorted(n) + budget.whole(value) * Math.log2(n + 1) : 50 * n, 2 * valueBytes * n)
  }
}

function chargeListFilter(budget: TemplateBudget, name: string, list: readonly JinjaValue[], size: number): void {
  const n = list.length
  if (['list', 'length', 'count', 'first', 'last', 'safe', 'default', 'd'].includes(name)) return
  budget.charge(n * (50 + size), 8 * n)
  if (name === 'unique') for (const item of list) budget.charge(textOf(item)?.length ?? 1)
  if (name === 'sort') {
    // Texts are compared in lower case, which is made for each comparison.
    const letters = list.reduce((sum, item) => sum + comparedLetters(item), 0)
    budget.charge((letters * 2 + n * (20 + size)) * Math.log2(n + 1), letters)
  }
}

/** Characters that comparing an item may look at: its own, or those of the longest field. */
function comparedLetters(item: JinjaValue): number {
  let longest = textOf(item)?.length ?? 0
  for (const field of fieldsOf(item)?.values() ?? []) longest = Math.max(longest, textOf(field)?.length ?? 0)
  return longest
}

/** Charges for a method of `text`, or a filter of the same name. */
export function chargeMethod(budget: TemplateBudget, name: string, text: string, args: readonly JinjaValue[]): void {
  const [first, second] = args.map(textOf)
  if (['safe', 'default', 'd'].includes(name)) return
  if (name === 'replace' && first !== undefined && second !== undefined) {
    budget.search(text, first)
    const count = occurrences(text, first)
    budget.text(text.length + Math.max(0, count * (second.length - first.length)))
    budget.charge(250 * count)
  } else if (name === 'split') {
    if (first) budget.search(text, first)
    const count = first ? occurrences(text, first) : Math.ceil(text.length / 2)
    budget.charge(text.length, text.length)
    budget.list(count, 200, valueBytes)
  } else if (name === 'list') budget.list(text.length, 200, valueBytes)
  else if (name === 'join' && args[0]) budget.text(budget.whole(args[0]) + (listOf(args[0])?.length ?? 0) * text.length)
  else if ((name === 'find' || name === 'count') && first) {
    budget.search(text, first)
    if (name === 'count') budget.list(occurrences(text, first), 200, valueBytes)
  } else if (name === 'indent') budget.text(text.length + (occurrences(text, '\n') + 1) * Math.max(4, argumentSize(args)))
  else {
    budget.text(text.length)
    if (name === 'title') budget.charge(20 * text.length)
  }
}

/** Charges for reading a key, a place or a part of a value. */
export function chargeMember(budget: TemplateBudget, value: JinjaValue, isSlice: boolean): void {
  const text = textOf(value)
  if (!isSlice) budget.charge(0, text === undefined ? 0 : methodBytes)
  else if (text !== undefined) budget.charge(20 * text.length, text.length)
  else budget.charge(4 * (listOf(value)?.length ?? 0), 4 * (listOf(value)?.length ?? 0))
}

/** Charges for the items that a loop goes through. */
export function chargeItems(budget: TemplateBudget, value: JinjaValue): void {
  const n = textOf(value)?.length ?? fieldsOf(value)?.size
  if (n !== undefined) budget.list(n, 200, 100)
}
