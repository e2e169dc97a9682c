// Parses the arguments of the command line. Unknown options are refused by name.
import { parseArgs } from 'node:util'
import { answerField } from '../config/answer-length'
import { bytesFromText } from '../config/bytes'
import { columnsField, rowFields } from '../config/data-options'
import { readHowFields } from '../config/read-how'
import { FormatError, messageOf } from '../config/errors'
import { say } from '../config/phrase'
import { plainNumber } from '../config/number-text'
import { presetField } from '../config/prompt-presets'
import { samplingFields } from '../config/sampling-fields'
import { type Field, type FieldValue, type Settings, parseSettings } from '../config/field'
import { type BaseFormat, type TrainingSettings, baseFormats, trainingFields } from '../config/run-config'
import { everyMethod } from '../peft/registry'

/** Options that take a value. The options of settings are defined by their fields. */
const texts = [
  'port',
  'key',
  'model',
  'data',
  'eval',
  'eval-old',
  'first',
  'first-steps',
  'replay',
  'replay-share',
  'method',
  'base',
  'init',
  'out',
  'ids',
  'prompt',
  'hold-out',
  'only',
  'dtype',
  'methods',
  'weights',
  'type',
  'rows',
  'save-every',
  'resume',
  'recipe',
  'report',
  'card',
  'join',
  'metrics',
  'against',
  'answers',
  'config',
  'beside',
  'target-perplexity',
  'shots',
  'classes',
  'preprocessor',
  'to',
  'run',
  'device',
  'minutes',
] as const
/** Options that may be given several times. */
const lists = ['set', 'adapter', 'in', 'vary', 'base-prompt', 'image', 'class-template', 'stop'] as const
const switches = [
  'json',
  'csv',
  'gguf',
  'kernels',
  'models',
  'quick',
  'sweep',
  'grid',
  'exact-match',
  'loss',
  'raw',
  'no-open',
  'precisions',
  'help',
] as const
type TextOption = (typeof texts)[number]
type Switch = (typeof switches)[number]

/** An option's name and its value. */
export type GivenOption = readonly [name: string, value: string | true]

/** The arguments that give these options. */
export function argumentsOf(given: readonly GivenOption[]): string[] {
  return given.map(([name, value]) => (value === true ? `--${name}` : `--${name}=${value}`))
}

/** The name of a field's option, without the hyphens before it: `weight-decay`. */
export function optionOf({ key, flag }: Field): string {
  return flag ?? key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** Settings of methods that have their own option. */
export const methodFields: readonly Field[] = [
  ...new Map(everyMethod.flatMap((m) => m.fields.filter((f) => f.flag !== undefined)).map((f) => [optionOf(f), f])).values(),
]

/** The error for an option that lacks its value, or has one that it does not take. */
function valueProblem(error: unknown, spec: Readonly<Record<string, { type: 'string' | 'boolean' }>>): FormatError | undefined {
  const wrong = error instanceof Error && 'code' in error && error.code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE'
  const [, name] = (wrong && /--([\w-]+)/.exec(error.message)) || []
  if (name === undefined) return undefined
  return spec[name]?.type === 'boolean'
    ? new FormatError(say`--${name}: expected no value, got one. Leave it out.`)
    : new FormatError(say`--${name}: expected a value, got none. Give one, as in --${name}=VALUE.`)
}

export class Options {
  readonly command: string
  /** The first word after the command that belongs to no option. */
  readonly stray: string | undefined
  /** The values of all --set options. */
  readonly settings: readonly string[]
  /** The values of all --adapter options. */
  readonly adapters: readonly string[]
  /** The values of all --in options. */
  readonly inputs: readonly string[]
  /** The values of all --vary options. */
  readonly varied: readonly string[]
  /** The values of all --base-prompt options. */
  readonly basePrompts: readonly string[]
  /** The values of all --image options. */
  readonly images: readonly string[]
  /** The values of all --class-template options. */
  readonly templates: readonly string[]
  /** The values of all --stop options. */
  readonly stops: readonly string[]
  /** The training settings; each has its option. */
  readonly trainingFields: readonly Field[]
  /** All options as they were given, a switch with true. */
  readonly all: readonly GivenOption[]
  private readonly values: ReadonlyMap<string, string>
  private readonly on: ReadonlySet<string>

  /** @throws FormatError for unknown options */
  constructor(argv: readonly string[], fields: readonly Field[] = trainingFields) {
    const known = [
      ...[...texts, ...lists].map((name) => ({ name, type: 'string' as const })),
      ...switches.map((name) => ({ name, type: 'boolean' as const })),
      ...[...fields, ...readHowFields, ...rowFields, columnsField, presetField, answerField, ...samplingFields, ...methodFields].map(
        (field) => ({
          name: optionOf(field),
          type: field.type === 'boolean' ? ('boolean' as const) : ('string' as const),
        }),
      ),
    ]
    const twice = known.find(({ name }, i) => known.findIndex((other) => other.name === name) < i)
    if (twice) throw new Error(`command line: expected one option --${twice.name}, got two. Give one of their fields another flag.`)
    const spec = Object.fromEntries(known.map(({ name, type }) => [name, { type, multiple: lists.some((list) => list === name) }]))
    try {
      const { values, positionals } = parseArgs({ args: [...argv], options: spec, allowPositionals: true })
      const given = Object.entries(values).flatMap(([name, value]) => [value].flat().map((v) => [name, v] as const))
      const all = (name: string) => given.flatMap(([n, value]) => (n === name && typeof value === 'string' ? [value] : []))
      this.command = positionals[0] ?? 'studio'
      this.stray = positionals[1]
      this.trainingFields = fields
      this.all = given.filter((entry): entry is GivenOption => entry[1] !== undefined && entry[1] !== false)
      this.settings = all('set')
      this.adapters = all('adapter')
      this.inputs = all('in')
      this.varied = all('vary')
      this.basePrompts = all('base-prompt')
      this.stops = all('stop')
      this.images = all('image')
      this.templates = all('class-template')
      this.values = new Map(given.toReversed().flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])))
      this.on = new Set(given.flatMap(([name, value]) => (value === true ? [name] : [])))
    } catch (error) {
      throw (
        valueProblem(error, spec) ??
        new FormatError(
          say`command line: ${messageOf(error)
            .split(/\. |\n/)[0]
            .replace(/\.?$/, '.')} Run tabtune help for the options.`,
        )
      )
    }
  }

  text(name: TextOption | 'adapter'): string | undefined {
    return this.values.get(name)
  }

  /** @throws FormatError if it is missing */
  need(name: TextOption | 'adapter'): string {
    const value = this.values.get(name)
    if (value === undefined) throw new FormatError(say`tabtune ${this.command} needs the option --${name}. Run tabtune help.`)
    return value
  }

  flag(name: Switch): boolean {
    return this.on.has(name)
  }

  /** @throws FormatError if it is not a number */
  number(name: TextOption): number | undefined {
    return this.numberOf(name)
  }

  private numberOf(name: string, whole = false): number | undefined {
    const value = this.values.get(name)
    if (value === undefined) return undefined
    const n = plainNumber(value)
    const wanted = whole ? say`a whole number such as 100` : say`a number such as 1000 or 2e-4`
    if (Number.isNaN(n)) throw new FormatError(say`--${name}: expected ${wanted}, got ${value || say`nothing`}. Correct it.`)
    return n
  }

  private valueOf(field: Field): FieldValue | undefined {
    const name = optionOf(field)
    const value = this.values.get(name)
    if (field.type === 'boolean') return this.on.has(name) ? !field.default : undefined
    if (field.type === 'number' && field.unit === 'MiB')
      return value === undefined ? undefined : bytesFromText(`--${name}`, value) / 2 ** 20
    return field.type === 'number' ? this.numberOf(name, field.integer) : value
  }

  /** The settings of `fields` that were given; bounds are not checked. @throws FormatError if a value is not a number or a size */
  given(fields: readonly Field[]): Settings {
    return Object.fromEntries(fields.map((f) => [f.key, this.valueOf(f)] as const).filter(isGiven))
  }

  /** A training setting, if it was given. @throws FormatError if the value is not valid for its field or outside its bounds */
  training<K extends keyof TrainingSettings>(key: K): TrainingSettings[K] | undefined {
    const given = this.given(this.trainingFields.filter((field) => field.key === key))
    return key in given ? parseSettings('training settings', trainingFields, given)[key] : undefined
  }

  /** The base precision of --base, or `fallback`. @throws FormatError naming the base precisions */
  base(fallback: BaseFormat): BaseFormat {
    const given = this.values.get('base') ?? fallback
    const format = baseFormats.find((name) => name === given)
    if (!format) throw new FormatError(say`--base: expected one of ${baseFormats.join(', ')}, got ${given}. Choose one of these.`)
    return format
  }
}

const isGiven = (entry: readonly [string, FieldValue | undefined]): entry is readonly [string, FieldValue] => entry[1] !== undefined
