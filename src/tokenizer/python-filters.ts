// Implements what Jinja in Python does differently from the Jinja library: loops, equality, and filters, methods and operators that write text.
import { type Environment, Interpreter } from '@huggingface/jinja'
import { type JinjaValue, jinjaValue, stringValue } from './jinja-values'
import { type For, type If, LoopControl, runFor, runIf } from './python-blocks'
import { pythonEquals } from './python-equality'
import { pythonFilter, pythonMethod, textMethods } from './python-methods'
import { type DumpsOptions, dumps, pythonText } from './python-text'

export type Statement = NonNullable<Parameters<Interpreter['evaluate']>[0]>
type Argument = Statement & { key?: { value: string }; value?: Statement }
type Member = Statement & { value?: string; object?: Statement; property?: { value?: unknown }; computed?: boolean }
type Call = Statement & { value?: string; callee?: Member; args?: Argument[] }
type Filter = Statement & { operand: Statement; filter: Call }
type Binary = Statement & { operator: { value: string }; left: Statement; right: Statement }
type Test = Statement & { operand: Statement; test: { value: string }; negate: boolean }
/** An operand that is already evaluated, in place of its expression. Evaluating the operands of a chain twice would double the work with each link. */
export type Evaluated = Statement & { type: 'Evaluated'; result: JinjaValue }

/** Filters of lists. All other filters treat an undefined value as text. */
const listFilters: readonly string[] = ['list', 'join', 'sort', 'unique', 'reverse', 'map', 'selectattr', 'rejectattr']
/** Filters that handle undefined values themselves. */
const anyFilters: readonly (string | undefined)[] = ['default', 'd', 'first', 'last', 'safe', 'items', 'dictsort', 'string', 'tojson']

/** An interpreter that renders like transformers, where Jinja runs in Python. */
export class PythonInterpreter extends Interpreter {
  override evaluate(statement: Statement | undefined, environment: Environment): JinjaValue {
    const valueOf = (part: Statement): JinjaValue => this.evaluate(part, environment)
    const evaluate = (part: Statement, where: Environment): JinjaValue => this.evaluate(part, where)
    switch (statement?.type) {
      case 'Evaluated':
        return (statement as Evaluated).result
      case 'For':
        return runFor(statement as For, environment, evaluate)
      case 'If':
        return runIf(statement as If, environment, evaluate)
      case 'Break':
      case 'Continue':
        throw new LoopControl(statement.type === 'Break')
      case 'BinaryExpression':
        return binary(statement as Binary, valueOf) ?? super.evaluate(statement, environment)
      case 'TestExpression':
        return tested(statement as Test, valueOf) ?? super.evaluate(statement, environment)
      case 'CallExpression':
        return called(statement as Call, valueOf) ?? super.evaluate(statement, environment)
      case 'FilterExpression': {
        const filter = withValue(statement as Filter, valueOf)
        return filtered(filter, valueOf) ?? super.evaluate(filter, environment)
      }
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

/** Objects can be iterated over, like lists and text. */
function tested({ operand, test, negate }: Test, valueOf: ValueOf): JinjaValue | undefined {
  return test.value === 'iterable' && valueOf(operand).type === 'ObjectValue' ? jinjaValue(!negate) : undefined
}

function called({ callee, args = [] }: Call, valueOf: ValueOf): JinjaValue | undefined {
  const method = callee?.computed ? '' : String(callee?.property?.value)
  if (!callee?.object || !textMethods.includes(method)) return undefined
  const text = valueOf(callee.object).value
  return typeof text === 'string' ? pythonMethod(method, text, args.map(valueOf)) : undefined
}

function filtered({ operand, filter }: Filter, valueOf: ValueOf): JinjaValue | undefined {
  const args = filter.args ?? []
  const name = nameOf(filter)
  if (name === 'tojson') return stringValue(dumps(valueOf(operand), dumpsOptions(args, valueOf)))
  const inOrder = args.every((arg) => arg.type !== 'KeywordArgumentExpression')
  return inOrder ? pythonFilter(name, valueOf(operand), args.map(valueOf)) : undefined
}

/** The filter with its operand evaluated. An undefined operand is an empty text for most filters, or an empty list. */
function withValue(statement: Filter, valueOf: ValueOf): Filter {
  const name = nameOf(statement.filter)
  const given = valueOf(statement.operand)
  const empty = (): JinjaValue => (listFilters.includes(name ?? '') ? jinjaValue([]) : stringValue(''))
  const operand: Evaluated = { type: 'Evaluated', result: given.type === 'UndefinedValue' && !anyFilters.includes(name) ? empty() : given }
  return { ...statement, operand } as Filter
}

const nameOf = (filter: Call): string | undefined => filter.callee?.value ?? filter.value

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
