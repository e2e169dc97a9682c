// Converts values of a dataset for chat templates, which see what Python's json.loads makes of the file. The Jinja library alone
// would round long integers, write 20.0 as 20 and print dictionaries as JSON.
import { Environment } from '@huggingface/jinja'
import { JsonNumber, entriesOf } from '../config/exact-json'
import { pythonNumber, pythonText } from './python-text'

export type JinjaValue = ReturnType<Environment['set']>

const environment = new Environment()

/** The library does not export the classes of its values, but an environment makes values of all of them. */
function made(value: unknown): JinjaValue {
  const result = environment.set('x', value)
  environment.variables.delete('x')
  return result
}

/** A number that Python writes differently from JavaScript; in a template's arithmetic it is a number. */
class PythonNumber extends Number {
  readonly text: string

  constructor(text: string) {
    super(text)
    this.text = text
  }

  override toString(): string {
    return this.text
  }
}

/** The value, written as Python does where the template prints it. */
function printed(value: JinjaValue): JinjaValue {
  value.toString = () => pythonText(value)
  return value
}

export const stringValue = (text: string): JinjaValue => made(text)

/** A value that `parseJson` made, for a template. */
export function jinjaValue(value: unknown): JinjaValue {
  if (typeof value === 'boolean') return printed(made(value))
  if (typeof value === 'number' && Number.isFinite(value)) return numberValue(String(value))
  if (value instanceof JsonNumber) return numberValue(value.text)
  if (Array.isArray(value)) return printed(Object.assign(made([]), { value: value.map(jinjaValue) }))
  const fields = entriesOf(value)?.filter(([, field]) => field !== undefined)
  if (!fields) return made(value)
  return printed(Object.assign(made({}), { value: new Map(fields.map(([key, field]) => [key, jinjaValue(field)])) }))
}

function numberValue(json: string): JinjaValue {
  const whole = /^-?\d+$/.test(json)
  const text = pythonNumber(json)
  const value = Number(text)
  if (String(value) === text) return made(value)
  // A Number is an object, and objects are true in JavaScript.
  return Object.assign(made(whole ? 1 : 1.5), {
    value: new PythonNumber(text),
    toString: () => text,
    __bool__: () => made(value !== 0),
  })
}
