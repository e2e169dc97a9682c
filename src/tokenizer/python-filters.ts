// Filters and operators of a chat template whose result is text that Python writes otherwise than the Jinja library.
import { type Environment, Interpreter } from '@huggingface/jinja'
import { type JinjaValue, stringValue } from './jinja-values'
import { type DumpsOptions, dumps, pythonText } from './python-text'

type Statement = NonNullable<Parameters<Interpreter['evaluate']>[0]>
type Argument = Statement & { key?: { value: string }; value?: Statement }
type Call = Statement & { value?: string; callee?: { value?: string }; args?: Argument[] }
type Filter = Statement & { operand: Statement; filter: Call }
type Binary = Statement & { operator: { value: string }; left: Statement; right: Statement }

/** An interpreter that writes `tojson`, `string` and `~` as transformers does. */
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
      if (name === 'tojson') return stringValue(dumps(valueOf(operand), dumpsOptions(filter.args ?? [], valueOf)))
    }
    return super.evaluate(statement, environment)
  }
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
