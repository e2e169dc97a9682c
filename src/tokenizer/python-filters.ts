// Filters, methods and operators of a chat template whose result is text that Python writes otherwise than the Jinja library.
import { type Environment, Interpreter } from '@huggingface/jinja'
import { type JinjaValue, stringValue } from './jinja-values'
import { type DumpsOptions, dumps, pythonText } from './python-text'

type Statement = NonNullable<Parameters<Interpreter['evaluate']>[0]>
type Argument = Statement & { key?: { value: string }; value?: Statement }
type Member = Statement & { value?: string; object?: Statement; property?: { value?: unknown }; computed?: boolean }
type Call = Statement & { value?: string; callee?: Member; args?: Argument[] }
type Filter = Statement & { operand: Statement; filter: Call }
type Binary = Statement & { operator: { value: string }; left: Statement; right: Statement }

/** Methods of text that take characters off its ends: at the beginning, at the end. */
const strips: Readonly<Record<string, readonly [boolean, boolean]>> = { strip: [true, true], lstrip: [true, false], rstrip: [false, true] }

/** An interpreter that writes `tojson`, `string`, `trim`, `strip` and `~` as transformers does. */
export class PythonInterpreter extends Interpreter {
  override evaluate(statement: Statement | undefined, environment: Environment): JinjaValue {
    const valueOf = (part: Statement): JinjaValue => this.evaluate(part, environment)
    if (statement?.type === 'BinaryExpression') {
      const { operator, left, right } = statement as Binary
      if (operator.value === '~') return stringValue(pythonText(valueOf(left)) + pythonText(valueOf(right)))
    }
    if (statement?.type === 'FilterExpression') {
      const { operand, filter } = statement as Filter
      const name = filter.callee?.value ?? filter.value
      if (name === 'string') return stringValue(pythonText(valueOf(operand)))
      if (name === 'trim') return stringValue(stripped(pythonText(valueOf(operand)), filter.args?.map(valueOf)[0], true, true))
      if (name === 'tojson') return stringValue(dumps(valueOf(operand), dumpsOptions(filter.args ?? [], valueOf)))
    }
    if (statement?.type === 'CallExpression') {
      const { callee, args } = statement as Call
      const sides = callee?.computed ? undefined : strips[String(callee?.property?.value)]
      const text = sides && callee?.object && valueOf(callee.object).value
      if (sides && typeof text === 'string') return stringValue(stripped(text, args?.map(valueOf)[0], ...sides))
    }
    return super.evaluate(statement, environment)
  }
}

/** What Python's `str.isspace` is true of; JavaScript's `trim` takes U+FEFF too, and leaves some control characters. */
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
