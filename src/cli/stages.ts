// The runs of a train command. With --first there are two: one on plain text or other rows, and then the one that the other options are
// about, which continues from the first one's adapter.
import { readFile, rm, rmdir } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import * as v from 'valibot'
import { askingFields } from '../config/asking-fields'
import { columnsField, rowFields } from '../config/data-options'
import { FormatError, messageOf } from '../config/errors'
import { say } from '../config/phrase'
import { readHowFields } from '../config/read-how'
import { methodNamed } from '../peft/registry'
import { type GivenOption, Options, argumentsOf, methodFields, optionOf } from './options'
import { isInterrupted, keptCommand, keptOptions, wholePaths, writeKept } from './run-folder'

/** Options that are about the rows of the second run, and about its length. */
const ofRows = [...rowFields, ...askingFields, ...readHowFields, columnsField].map(optionOf).filter((name) => name !== 'skip-bad')
const ofSecond: ReadonlySet<string> = new Set(
  ['data', 'eval', 'recipe', 'hold-out', 'replay', 'replay-share', 'eval-old', 'exact-match', 'steps', 'epochs'].concat(ofRows),
)
/** Options that the first run's adapter answers for the second. */
const ofAdapter: ReadonlySet<string> = new Set(['method', 'set', 'init', ...methodFields.map(optionOf)])

/** Where the first run's folder is, in that of the command. */
const firstName = 'first'

const made = (options: Options, given: readonly GivenOption[]): Options =>
  new Options(['train', ...argumentsOf(given)], options.trainingFields)

/** The runs in their order. @throws FormatError if the options of the first run do not fit */
function stagesOf(options: Options): Options[] {
  const [first, steps] = [options.text('first'), options.number('first-steps')]
  if (first === undefined && steps === undefined) return [options]
  if (first === undefined || steps === undefined || !Number.isInteger(steps) || steps < 1)
    throw new FormatError(say`--first: expected a file and --first-steps with a whole number of steps above 0. Give both, or neither.`)
  if (options.all.some(([name]) => name === 'preset'))
    throw new FormatError(say`--first: expected no --preset, because its tokens have no place in the first rows. Leave one of both out.`)
  const [out, method, base] = [options.need('out'), options.text('method'), options.all.some(([name]) => name === 'base')]
  const rest = options.all.filter(([name]) => name !== 'first' && name !== 'first-steps' && name !== 'out')
  const before = join(out, firstName)
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

// With --save-every, DIR/snapshot/stages.json says that the command has two runs, from its start to its end.
const stagesName = 'stages.json'
const schema = v.object({
  version: v.literal(1),
  options: keptOptions,
  /** The first run has ended, so the second one is next. */
  firstEnded: v.boolean(),
})
type KeptStages = v.InferOutput<typeof schema>

async function keptStages(out: string): Promise<KeptStages | undefined> {
  const where = join(out, 'snapshot', stagesName)
  const text = await readFile(where, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    return v.parse(schema, JSON.parse(text))
  } catch (error) {
    throw new FormatError(
      say`${where}: expected the command that this version of TabTune kept, got something else (${messageOf(error)}). Start the run again.`,
    )
  }
}

async function forgetStages(out: string): Promise<void> {
  await rm(join(out, 'snapshot', stagesName), { force: true })
  // The folder may hold files of others.
  await rmdir(join(out, 'snapshot')).catch(() => undefined)
}

/** A run of a command. */
export interface Stage {
  options: Options
  /** The folder to give to --resume if the run is stopped; absent = its own. */
  resumeAt?: string
  /** Call it before the run is kept for the first time. */
  begins(): Promise<void>
  /** Call it when the run has ended by itself. */
  ended(): Promise<void>
}

const nothing = async (): Promise<void> => undefined
const alone = (options: Options): Stage => ({ options, begins: nothing, ended: nothing })
const resuming = (out: string): Options => new Options(['train', `--resume=${out}`])

function bothOf(out: string, kept: KeptStages, [first, second]: readonly Options[]): [Stage, Stage] {
  const keep = (firstEnded: boolean) => () => writeKept(out, stagesName, { ...kept, firstEnded } satisfies KeptStages)
  return [
    { options: first, resumeAt: out, begins: keep(false), ended: keep(true) },
    { options: second, begins: nothing, ended: () => forgetStages(out) },
  ]
}

/** What is left of an interrupted command. */
async function stagesLeft(given: Options, out: string): Promise<Stage[]> {
  const kept = await keptStages(out)
  if (!kept) {
    // The first run of two may be resumed alone.
    const whole = dirname(resolve(out))
    const around = basename(resolve(out)) === firstName ? await keptStages(whole) : undefined
    const [first] = around ? bothOf(whole, around, [given, given]) : []
    return [first ?? alone(given)]
  }
  const other = given.all.find(([name]) => name !== 'resume')
  // Training refuses other options.
  if (other) return [alone(given)]
  const [first, second] = bothOf(out, kept, stagesOf(keptCommand(kept.options, out)))
  if (await isInterrupted(out)) return [{ ...second, options: resuming(out) }]
  if (kept.firstEnded) return [second]
  const before = join(out, firstName)
  return [(await isInterrupted(before)) ? { ...first, options: resuming(before) } : first, second]
}

/** The runs of a command that starts or is resumed, in their order. @throws FormatError if the folder holds a command that can still be resumed */
export async function stagesToTrain(given: Options): Promise<Stage[]> {
  const resumed = given.text('resume')
  if (resumed !== undefined) return stagesLeft(given, resumed)
  const stages = stagesOf(given)
  const out = given.text('out')
  if (out !== undefined && (await keptStages(out)))
    throw new FormatError(
      say`${out}: expected a folder for a new run, got one with a run that was interrupted. Resume it with tabtune train --resume ${out}, or delete ${join(out, 'snapshot')}.`,
    )
  if (out === undefined || stages.length === 1 || given.text('save-every') === undefined) return stages.map(alone)
  return bothOf(out, { version: 1, options: wholePaths(given), firstEnded: false }, stages)
}
