// The runs of a train command. With --first there are two: one on plain text or other rows, and then the one that the other options are
// about, which continues from the first one's adapter.
import { join } from 'node:path'
import { askingFields } from '../config/asking-fields'
import { columnsField, rowFields } from '../config/data-options'
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import { readHowFields } from '../config/read-how'
import { methodNamed } from '../peft/registry'
import { type GivenOption, Options, argumentsOf, methodFields, optionOf } from './options'

/** Options that are about the rows of the second run, and about its length. */
const ofRows = [...rowFields, ...askingFields, ...readHowFields, columnsField].map(optionOf).filter((name) => name !== 'skip-bad')
const ofSecond: ReadonlySet<string> = new Set(
  ['data', 'eval', 'recipe', 'hold-out', 'replay', 'replay-share', 'eval-old', 'exact-match', 'steps', 'epochs'].concat(ofRows),
)
/** Options that the first run's adapter answers for the second. */
const ofAdapter: ReadonlySet<string> = new Set(['method', 'set', 'init', ...methodFields.map(optionOf)])

const made = (options: Options, given: readonly GivenOption[]): Options =>
  new Options(['train', ...argumentsOf(given)], options.trainingFields)

/** The runs in their order. @throws FormatError if the options of the first run do not fit */
export function stagesOf(options: Options): Options[] {
  const [first, steps] = [options.text('first'), options.number('first-steps')]
  if (first === undefined && steps === undefined) return [options]
  if (first === undefined || steps === undefined || !Number.isInteger(steps) || steps < 1)
    throw new FormatError(say`--first: expected a file and --first-steps with a whole number of steps above 0. Give both, or neither.`)
  if (options.all.some(([name]) => name === 'preset'))
    throw new FormatError(say`--first: expected no --preset, because its tokens have no place in the first rows. Leave one of both out.`)
  const [out, method, base] = [options.need('out'), options.text('method'), options.all.some(([name]) => name === 'base')]
  const rest = options.all.filter(([name]) => name !== 'first' && name !== 'first-steps' && name !== 'out')
  const before = join(out, 'first')
  const own = method === undefined || base ? [] : methodNamed(method).bases.slice(0, 1)
  return [
    made(options, [...rest.filter(([name]) => !ofSecond.has(name)), ['data', first], ['steps', String(steps)], ['out', before]]),
    made(options, [
      ...rest.filter(([name]) => !ofAdapter.has(name)),
      ...own.map((name): GivenOption => ['base', name]),
      ['init', before],
      ['out', out],
    ]),
  ]
}
