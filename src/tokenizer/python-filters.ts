// What Jinja in Python does differently from the Jinja library: loops, equality, and filters, methods and operators that write text.
import { type Environment, Interpreter } from '@huggingface/jinja'
import { type JinjaValue, jinjaValue, stringValue } from './jinja-values'
import { type For, type If, LoopControl, runFor, runIf } from './python-blocks'
import { pythonEquals } from './python-equality'
import { type DumpsOptions, dumps, pythonText } from './python-text'

type Statement = NonNullable<Parameters<Interpreter['evaluate']>[0]>
type Argument = Statement & { key?: { value: string }; value?: Statement }
type Member = Statement & { value?: string; object?: Statement; property?: { value?: unknown }; computed?: boolean }
type Call = Statement & { value?: string; callee?: Member; args?: Argument[] }
type Filter = Statement & { operand: Statement; filter: Call }
type Binary = Statement & { operator: { value: string }; left: Statement; right: Statement }
type Test = Statement & { operand: Statement; test: { value: string }; negate: boolean }
/** An operand that is evaluated already, in place of its expression: evaluating a chain's operands twice would double the work with each link. */
type Evaluated = Statement & { type: 'Evaluated'; result: JinjaValue }

/** Methods that strip characters off a text: whether at its beginning, and whether at its end. */
const strips: Readonly<Record<string, readonly [boolean, boolean]>> = { strip: [true, true], lstrip: [true, false], rstrip: [false, true] }

/** Filters of lists; all others that work on something undefined take it for text. */
const listFilters: readonly string[] = ['list', 'join', 'sort', 'unique', 'reverse', 'map', 'selectattr', 'rejectattr']
/** Filters that handle undefined values themselves. */
const anyFilters: readonly (string | undefined)[] = ['default', 'd', 'first', 'last', 'safe', 'items', 'dictsort']

/** An interpreter that renders as transformers does, where Jinja runs in Python. */
export class PythonInterpreter extends Interpreter {
  override evaluate(statement: Statement | undefined, environment: Environment): JinjaValue {
    const valueOf = (part: Statement, where = environment): JinjaValue => this.evaluate(part, where)
    switch (statement?.type) {
      case 'Evaluated':
        return (statement as Evaluated).result
      case 'For':
        return runFor(statement as For, environment, valueOf)
      case 'If':
        return runIf(statement as If, environment, valueOf)
      case 'Break':
      case 'Continue':
        throw new LoopControl(statement.type === 'Break')
      case 'BinaryExpression':
        return binary(statement as Binary, valueOf) ?? super.evaluate(statement, environment)
      case 'TestExpression':
        return tested(statement as Test, valueOf) ?? super.evaluate(statement, environment)
      case 'CallExpression':
        return called(statement as Call, valueOf) ?? super.evaluate(statement, environment)
      case 'FilterExpression':
        return filtered(statement as Filter, valueOf) ?? super.evaluate(definedOperand(statement as Filter, valueOf), environment)
      default:
        return super.evaluate(statement, environment)
    }
  }
}

type ValueOf = (part: Statement) => JinjaValue

function binary({ operator, left, right }: Binary, valueOf: ValueOf): JinjaValue | undefined {
  if (operator.value === '~') return stringValue(pythonText(valueOf(left)) + pythonText(valueOf(right)))
  if (operator.value !== '==' && operator.value !== '!=') return undefined
  return jinjaValue(pythonEquals(valueOf(left), valueOf(right)) === (operator.value === '=='))
}

/** Objects can be iterated over, as lists and text can. */
function tested({ operand, test, negate }: Test, valueOf: ValueOf): JinjaValue | undefined {
  return test.value === 'iterable' && valueOf(operand).type === 'ObjectValue' ? jinjaValue(!negate) : undefined
}

function called({ callee, args }: Call, valueOf: ValueOf): JinjaValue | undefined {
  const method = callee?.computed ? undefined : String(callee?.property?.value)
  if (!callee?.object || !method || !(Object.hasOwn(strips, method) || method === 'capitalize')) return undefined
  const text = valueOf(callee.object).value
  if (typeof text !== 'string') return undefined
  return stringValue(method === 'capitalize' ? capitalized(text) : stripped(text, args?.map(valueOf)[0], ...strips[method]))
}

function filtered({ operand, filter }: Filter, valueOf: ValueOf): JinjaValue | undefined {
  switch (nameOf(filter)) {
    case 'string':
      return stringValue(pythonText(valueOf(operand)))
    case 'trim':
      return stringValue(stripped(pythonText(valueOf(operand)), filter.args?.map(valueOf)[0], true, true))
    case 'capitalize':
      return stringValue(capitalized(pythonText(valueOf(operand))))
    case 'tojson':
      return stringValue(dumps(valueOf(operand), dumpsOptions(filter.args ?? [], valueOf)))
    default:
      return undefined
  }
}

/** An undefined operand is an empty text to a filter, or an empty list. */
function definedOperand(statement: Filter, valueOf: ValueOf): Statement {
  const name = nameOf(statement.filter)
  if (anyFilters.includes(name)) return statement
  const given = valueOf(statement.operand)
  const empty = (): JinjaValue => (listFilters.includes(name ?? '') ? jinjaValue([]) : stringValue(''))
  const operand: Evaluated = { type: 'Evaluated', result: given.type === 'UndefinedValue' ? empty() : given }
  return { ...statement, operand } as Statement
}

const nameOf = (filter: Call): string | undefined => filter.callee?.value ?? filter.value

const capitalized = (text: string): string => {
  const [first = '', ...rest] = Array.from(text)
  return first.toUpperCase() + rest.join('').toLowerCase()
}

/** White space by Python's `str.isspace`; JavaScript's `trim` also removes U+FEFF and keeps some control characters. */
const isPythonSpace = (character: string): boolean =>
  character !== '\ufeff' && (/\s/.test(character) || ['\x1c', '\x1d', '\x1e', '\x1f', '\x85'].includes(character))

/** Python's `str.strip`: takes off the characters of `which`, or white space. */
function stripped(text: string, which: JinjaValue | undefined, start: boolean, end: boolean): string {
  const characters = Array.from(text)
  const chosen = typeof which?.value === 'string' ? new Set(Array.from(which.value)) : undefined
  const goes = (character: string): boolean => (chosen ? chosen.has(character) : isPythonSpace(character))
  let [from, to] = [0, characters.length]
  while (start && from < to && goes(characters[from])) from++
  while (end && to > from && goes(characters[to - 1])) to--
  return characters.slice(from, to).join('')
}

/** Arguments of `tojson`, by name or in the order that transformers has them. */
function dumpsOptions(args: readonly Argument[], valueOf: (part: Statement) => JinjaValue): DumpsOptions {
  const given = new Map<string, JinjaValue>()
  args.forEach((arg, i) => {
    if (arg.type === 'KeywordArgumentExpression' && arg.key && arg.value) given.set(arg.key.value, valueOf(arg.value))
    else given.set(['ensure_ascii', 'indent', 'separators', 'sort_keys'][i] ?? '', valueOf(arg))
  })
  const isTrue = (name: string): boolean => given.get(name)?.__bool__().value ?? false
  const indent = given.get('indent')
  const separators = given.get('separators')
  return {
    ensureAscii: isTrue('ensure_ascii'),
    sortKeys: isTrue('sort_keys'),
    ...(indent && indent.type !== 'NullValue'
      ? { indent: typeof indent.value === 'string' ? indent.value : ' '.repeat(Number(indent.value)) }
      : {}),
    ...(separators && Array.isArray(separators.value) ? { separators: pairOf(separators.value) } : {}),
  }
}

function pairOf(values: readonly JinjaValue[]): [string, string] {
  if (values.length !== 2) throw new Error(`tojson: expected two separators, got ${values.length}`)
  return [pythonText(values[0]), pythonText(values[1])]
}
