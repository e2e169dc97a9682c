// The command line's words. What is not known is refused by name.
import { parseArgs } from 'node:util'
import { bytesFromText } from '../config/bytes'
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import { plainNumber } from '../config/number-text'
import { type Field, type FieldValue, type Settings, typedSettings } from '../config/field'
import { type BaseFormat, type TrainingSettings, baseFormats, trainingFields } from '../config/run-config'
import { methods } from '../peft/registry'

/** Options with a word behind them. Those of settings stand at their fields. */
const texts = [
  'model',
  'data',
  'eval',
  'method',
  'base',
  'init',
  'out',
  'ids',
  'prompt',
  'max-tokens',
  'temperature',
  'hold-out',
  'train-on',
  'format',
  'task',
  'only',
  'dtype',
  'methods',
  'weights',
  'type',
  'columns',
  'rows',
] as const
const switches = ['skip-bad', 'json', 'csv', 'gguf', 'kernels', 'quick', 'sweep', 'exact-match', 'loss', 'raw', 'help'] as const
type TextOption = (typeof texts)[number]
type Switch = (typeof switches)[number]

/** A field's option without its hyphens in front: `weight-decay`. */
export function optionOf({ key, flag }: Field): string {
  return flag ?? key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** Settings of methods that have an option of their own. */
export const methodFields: readonly Field[] = [
  ...new Map(methods.flatMap((m) => m.fields.filter((f) => f.flag !== undefined)).map((f) => [optionOf(f), f])).values(),
]

export class Options {
  readonly command: string
  /** Every --set. */
  readonly settings: readonly string[]
  /** Every --adapter. */
  readonly adapters: readonly string[]
  /** What can be set of the training; each has its option. */
  readonly trainingFields: readonly Field[]
  private readonly values: ReadonlyMap<string, string>
  private readonly on: ReadonlySet<string>

  /** @throws FormatError for words that are not known */
  constructor(argv: readonly string[], fields: readonly Field[] = trainingFields) {
    const known = [
      ...[...texts, 'set', 'adapter'].map((name) => ({ name, type: 'string' as const })),
      ...switches.map((name) => ({ name, type: 'boolean' as const })),
      ...[...fields, ...methodFields].map((field) => ({
        name: optionOf(field),
        type: field.type === 'boolean' ? ('boolean' as const) : ('string' as const),
      })),
    ]
    const twice = known.find(({ name }, i) => known.findIndex((other) => other.name === name) < i)
    if (twice) throw new Error(`command line: expected one option --${twice.name}, got two. Give one of their fields another flag.`)
    const spec = Object.fromEntries(known.map(({ name, type }) => [name, { type, multiple: name === 'set' || name === 'adapter' }]))
    try {
      const { values, positionals } = parseArgs({ args: [...argv], options: spec, allowPositionals: true })
      const given = Object.entries(values).flatMap(([name, value]) => [value].flat().map((v) => [name, v] as const))
      const all = (name: string) => given.flatMap(([n, value]) => (n === name && typeof value === 'string' ? [value] : []))
      this.command = positionals[0] ?? 'help'
      this.trainingFields = fields
      this.settings = all('set')
      this.adapters = all('adapter')
      this.values = new Map(given.toReversed().flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])))
      this.on = new Set(given.flatMap(([name, value]) => (value === true ? [name] : [])))
    } catch (error) {
      throw new FormatError(
        say`command line: ${error instanceof Error ? error.message.split('\n')[0].replace(/\.?$/, '.') : ''} Run tabtune help for the words it knows.`,
      )
    }
  }

  text(name: TextOption | 'adapter'): string | undefined {
    return this.values.get(name)
  }

  /** @throws FormatError where it is missing */
  need(name: TextOption | 'adapter'): string {
    const value = this.values.get(name)
    if (value === undefined) throw new FormatError(say`command line: expected --${name} for ${this.command}, got none. Run tabtune help.`)
    return value
  }

  flag(name: Switch): boolean {
    return this.on.has(name)
  }

  /** @throws FormatError where it is no number */
  number(name: TextOption): number | undefined {
    return this.numberOf(name)
  }

  private numberOf(name: string): number | undefined {
    const value = this.values.get(name)
    if (value === undefined) return undefined
    const n = plainNumber(value)
    if (Number.isNaN(n))
      throw new FormatError(say`command line: expected a number such as 1000 or 2e-4 for --${name}, got ${value || 'nothing'}. Correct it.`)
    return n
  }

  private valueOf(field: Field): FieldValue | undefined {
    const name = optionOf(field)
    const value = this.values.get(name)
    if (field.type === 'boolean') return this.on.has(name) ? !field.default : undefined
    if (field.type === 'number' && field.unit === 'MiB')
      return value === undefined ? undefined : bytesFromText(`--${name}`, value) / 2 ** 20
    return field.type === 'number' ? this.numberOf(name) : value
  }

  /** The settings of `fields` that were given; bounds are not checked. @throws FormatError for what is no number or size */
  given(fields: readonly Field[]): Settings {
    return Object.fromEntries(fields.map((f) => [f.key, this.valueOf(f)] as const).filter(isGiven))
  }

  /** A training setting, if it was given. @throws FormatError for what is no value of its field */
  training<K extends keyof TrainingSettings>(key: K): TrainingSettings[K] | undefined {
    const given = this.given(this.trainingFields)
    return key in given ? typedSettings('training settings', trainingFields, given)[key] : undefined
  }

  /** @throws FormatError naming the base formats */
  base(fallback: BaseFormat): BaseFormat {
    const given = this.values.get('base') ?? fallback
    const format = baseFormats.find((name) => name === given)
    if (!format) throw new FormatError(say`command line: expected --base to be one of ${baseFormats.join(', ')}, got ${given}. Correct it.`)
    return format
  }
}

const isGiven = (entry: readonly [string, FieldValue | undefined]): entry is readonly [string, FieldValue] => entry[1] !== undefined
