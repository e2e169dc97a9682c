// The command line's words. What is not known is refused by name.
import { parseArgs } from 'node:util'
import { bytesFromText } from '../config/bytes'
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import { plainNumber } from '../config/number-text'
import { type BaseFormat, baseFormats } from '../config/run-config'

const strings = [
  'model',
  'data',
  'eval',
  'method',
  'base',
  'init',
  'steps',
  'epochs',
  'batch',
  'accumulate',
  'length',
  'lr',
  'schedule',
  'warmup',
  'clip',
  'weight-decay',
  'seed',
  'out',
  'ids',
  'prompt',
  'max-tokens',
  'temperature',
  'eval-every',
  'hold-out',
  'train-on',
  'format',
  'task',
  'only',
  'dtype',
  'methods',
  'optimizer',
  'optimizer-memory',
  'memory',
  'new-tokens',
  'weights',
  'type',
  'columns',
  'rows',
] as const
const flags = [
  'decay-all',
  'no-shuffle',
  'checkpointing',
  'packing',
  'skip-bad',
  'json',
  'csv',
  'gguf',
  'kernels',
  'quick',
  'sweep',
  'exact-match',
  'loss',
  'raw',
  'help',
] as const
type StringOption = (typeof strings)[number] | 'adapter'
type Flag = (typeof flags)[number]

export class Options {
  readonly command: string
  readonly settings: readonly string[]
  /** Every --adapter. */
  readonly adapters: readonly string[]
  private readonly values: Partial<Record<StringOption, string>>
  private readonly on: Partial<Record<Flag, boolean>>

  /** @throws FormatError for words that are not known */
  constructor(argv: readonly string[]) {
    const spec = {
      ...Object.fromEntries(strings.map((s) => [s, { type: 'string' as const }])),
      ...Object.fromEntries(flags.map((f) => [f, { type: 'boolean' as const }])),
      set: { type: 'string' as const, multiple: true },
      adapter: { type: 'string' as const, multiple: true },
    }
    try {
      const { values, positionals } = parseArgs({ args: [...argv], options: spec, allowPositionals: true })
      const { set, adapter, ...rest } = values
      this.command = positionals[0] ?? 'help'
      this.settings = (set as string[] | undefined) ?? []
      this.adapters = (adapter as string[] | undefined) ?? []
      this.values = { ...rest, adapter: this.adapters[0] } as Partial<Record<StringOption, string>>
      this.on = rest as Partial<Record<Flag, boolean>>
    } catch (error) {
      throw new FormatError(
        say`command line: ${error instanceof Error ? error.message.split('\n')[0].replace(/\.?$/, '.') : ''} Run tabtune help for the words it knows.`,
      )
    }
  }

  text(name: StringOption): string | undefined {
    return this.values[name]
  }

  /** @throws FormatError where it is missing */
  need(name: StringOption): string {
    const value = this.values[name]
    if (value === undefined) throw new FormatError(say`command line: expected --${name} for ${this.command}, got none. Run tabtune help.`)
    return value
  }

  flag(name: Flag): boolean {
    return this.on[name] ?? false
  }

  /** @throws FormatError where it is no number */
  number(name: StringOption): number | undefined {
    const value = this.values[name]
    if (value === undefined) return undefined
    const n = plainNumber(value)
    if (Number.isNaN(n))
      throw new FormatError(say`command line: expected a number such as 1000 or 2e-4 for --${name}, got ${value || 'nothing'}. Correct it.`)
    return n
  }

  /** MiB. @throws FormatError where it is no size */
  mebibytes(name: StringOption): number | undefined {
    const value = this.values[name]
    return value === undefined ? undefined : bytesFromText(`--${name}`, value) / 2 ** 20
  }

  /** @throws FormatError naming the base formats */
  base(fallback: BaseFormat): BaseFormat {
    const value = this.values.base ?? fallback
    if (!baseFormats.includes(value as BaseFormat))
      throw new FormatError(say`command line: expected --base to be one of ${baseFormats.join(', ')}, got ${value}. Correct it.`)
    return value as BaseFormat
  }
}
