// Runs loops of a chat template like Jinja in Python: variables that an iteration sets are gone in the next one, text that was written
// before `continue` or `break` stays, and a loop over text goes character by character.
import { Environment, type Interpreter } from '@huggingface/jinja'
import { type JinjaValue, jinjaValue, stringValue } from './jinja-values'

type Statement = NonNullable<Parameters<Interpreter['evaluate']>[0]>
type Evaluate = (statement: Statement, environment: Environment) => JinjaValue
type Variable = Statement & { value: string | Variable[] }
export type If = Statement & { test: Statement; body: Statement[]; alternate: Statement[] }
export type For = Statement & {
  loopvar: Variable
  iterable: Statement & { lhs?: Statement; test?: Statement }
  body: Statement[]
  defaultBlock: Statement[]
}

/** `continue` or `break`, thrown to its loop, with the text that the iteration has written so far. */
export class LoopControl extends Error {
  readonly ends: boolean
  text = ''

  constructor(ends: boolean) {
    super(`expected ${ends ? 'break' : 'continue'} inside a loop`)
    this.ends = ends
  }
}

export const runIf = ({ test, body, alternate }: If, environment: Environment, evaluate: Evaluate): JinjaValue =>
  stringValue(written(evaluate(test, environment).__bool__().value ? body : alternate, environment, evaluate))

export function runFor({ loopvar, iterable, body, defaultBlock }: For, outer: Environment, evaluate: Evaluate): JinjaValue {
  const selects = iterable.type === 'SelectExpression' && iterable.lhs !== undefined
  const scopeOf = (item: JinjaValue): Environment => bound(loopvar, item, new Environment(outer))
  const all = itemsOf(evaluate(selects ? iterable.lhs! : iterable, outer))
  const items = selects ? all.filter((item) => evaluate(iterable.test!, scopeOf(item)).__bool__().value) : all
  if (!items.length) return stringValue(written(defaultBlock, new Environment(outer), evaluate))
  let text = ''
  for (const [i, item] of items.entries()) {
    const scope = scopeOf(item)
    scope.setVariable('loop', loopValue(i, items))
    try {
      text += written(body, scope, evaluate)
    } catch (error) {
      if (!(error instanceof LoopControl)) throw error
      text += error.text
      if (error.ends) break
    }
  }
  return stringValue(text)
}

/** The text that statements write, one after another. */
function written(statements: readonly Statement[], environment: Environment, evaluate: Evaluate): string {
  let text = ''
  try {
    for (const statement of statements) {
      const value = evaluate(statement, environment)
      if (value.type !== 'NullValue' && value.type !== 'UndefinedValue') text += value.toString()
    }
  } catch (error) {
    if (error instanceof LoopControl) error.text = text + error.text
    throw error
  }
  return text
}

/** The items of a loop: the keys of an object, nothing for an undefined value. */
function itemsOf({ type, value }: JinjaValue): JinjaValue[] {
  if (Array.isArray(value)) return value as JinjaValue[]
  if (typeof value === 'string') return Array.from(value, stringValue)
  if (value instanceof Map) return Array.from(value.keys() as Iterable<string>, stringValue)
  if (type === 'UndefinedValue') return []
  throw new Error(`expected a list, an object or text in a loop, got ${type === 'NullValue' ? 'none' : type}`)
}

function bound(variable: Variable, item: JinjaValue, scope: Environment): Environment {
  if (typeof variable.value === 'string') scope.setVariable(variable.value, item)
  else {
    const parts = itemsOf(item)
    if (parts.length !== variable.value.length)
      throw new Error(`expected ${variable.value.length} values for the variables of a loop, got ${parts.length}`)
    variable.value.forEach((each, i) => bound(each, parts[i], scope))
  }
  return scope
}

function loopValue(i: number, items: readonly JinjaValue[]): JinjaValue {
  const { length } = items
  const first = i === 0
  const last = i === length - 1
  const loop = jinjaValue({ index: i + 1, index0: i, revindex: length - i, revindex0: length - i - 1, first, last, length })
  const fields = loop.value as Map<string, JinjaValue>
  if (!first) fields.set('previtem', items[i - 1])
  if (!last) fields.set('nextitem', items[i + 1])
  return loop
}
