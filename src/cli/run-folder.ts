// What a run keeps in DIR/snapshot while it trains: the command, so that --resume DIR needs nothing else, the last snapshot and the best
// adapter. All of it is removed when the run has ended.
import { mkdir, readFile, rename, rmdir, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import * as v from 'valibot'
import { type Asking, parseAsking } from '../config/asking'
import { FormatError, messageOf } from '../config/errors'
import { type Settings, parseSettings } from '../config/field'
import { say, sentence } from '../config/phrase'
import { type TrainingSettings, parseTraining } from '../config/run-config'
import type { Method } from '../peft/method'
import { methodNamed } from '../peft/registry'
import { folderWithin } from '../storage/folder'
import { type SnapshotSlots, snapshotSlots } from '../storage/snapshot-slots'
import type { Snapshot } from '../storage/snapshot'
import { diskFolder } from './node/disk-folder'
import { type GivenOption, Options, argumentsOf } from './options'

const settings = v.record(v.string(), v.union([v.number(), v.boolean(), v.string()]))
/** Options as they were given, with whole paths. */
export const keptOptions = v.array(v.tuple([v.string(), v.union([v.string(), v.literal(true)])]))
const schema = v.object({
  version: v.literal(1),
  options: keptOptions,
  method: v.string(),
  settings,
  training: settings,
  like: v.optional(v.unknown()),
  oldLoss: v.optional(v.number()),
  initial: v.optional(v.string()),
})

const commandName = 'command.json'
/** Options that name a file or a folder. */
const paths = ['model', 'data', 'eval', 'eval-old', 'replay', 'recipe', 'init', 'first', 'classes', 'preprocessor', 'out']

/** What a run trains with, once it is known. */
export interface Chosen {
  method: Method
  settings: Settings
  training: TrainingSettings
  /** How the adapter that training starts from is asked. */
  like?: Asking
}

/** What is known before the first step, and is asked for when the run has ended. */
interface Before {
  /** The loss of --eval-old. */
  oldLoss?: number
  /** The fingerprint of the values of --init. */
  initial?: string
}

/** What a command trains: a new run, or one that was interrupted. */
export interface Trained extends Before {
  options: Options
  out: string
  /** Absent = the options say. */
  chosen?: Chosen
  resume?: Snapshot
}

export interface RunFolder {
  last: SnapshotSlots
  best: SnapshotSlots
  /** Begins a run that can be resumed. */
  begin(options: Options, chosen: Chosen, before?: Before): Promise<void>
  /** Removes all of it. */
  clear(): Promise<void>
}

/** The options with whole paths, so that they mean the same in another folder. */
export const wholePaths = ({ all }: Options): [string, string | true][] =>
  all.map(([name, value]) => [name, value !== true && paths.includes(name) ? resolve(value) : value])

/** The options of a command that was kept, for the folder `out`: it may have been moved. */
export const keptCommand = (given: readonly GivenOption[], out: string): Options =>
  new Options(['train', ...argumentsOf([...given.filter(([name]) => name !== 'out'), ['out', out]])])

/** Writes a file of `folder/snapshot`: under another name first, so that it is never half written. */
export async function writeKept(out: string, name: string, value: unknown): Promise<void> {
  const path = join(out, 'snapshot')
  await mkdir(path, { recursive: true })
  const unfinished = join(path, `${name}.new`)
  await writeFile(unfinished, JSON.stringify(value, null, 2), { flush: true })
  await rename(unfinished, join(path, name))
}

/** Whether the folder holds a run that was interrupted. */
export const isInterrupted = (out: string): Promise<boolean> =>
  stat(join(out, 'snapshot', commandName)).then(
    () => true,
    () => false,
  )

/** What the run with the output folder `out` keeps. */
export function runFolder(out: string): RunFolder {
  const path = join(out, 'snapshot')
  const folder = diskFolder(path)
  const [last, best] = ['last-', 'best-'].map((prefix) => snapshotSlots(folderWithin(folder, prefix)))
  return {
    last,
    best,
    async begin(options, { method, settings, training, like }, before) {
      await writeKept(out, commandName, {
        version: 1,
        options: wholePaths(options),
        method: method.name,
        settings,
        training,
        like,
        ...before,
      })
    },
    async clear() {
      // The command first: without it there is nothing to resume.
      await folder.remove(commandName)
      for (const one of [last, best]) await one.clear()
      // The folder may hold files of others.
      await rmdir(path).catch(() => undefined)
    },
  }
}

/** @throws FormatError if `out` holds a run that can still be resumed */
export async function checkFree(out: string): Promise<void> {
  if (await isInterrupted(out))
    throw new FormatError(
      say`${out}: expected a folder for a new run, got one with a run that was interrupted. Resume it with tabtune train --resume ${out}, or delete ${join(out, 'snapshot')}.`,
    )
}

interface Interrupted extends Before {
  /** The options that the run was started with. */
  options: Options
  chosen: Chosen
  /** Absent if the run was interrupted before its first one. */
  snapshot?: Snapshot
}

/** The run in the folder `out`. @throws FormatError if there is none that can be resumed */
export async function interruptedRun(out: string): Promise<Interrupted> {
  const where = join(out, 'snapshot', commandName)
  const text = await readFile(where, 'utf8').catch(() => undefined)
  if (text === undefined)
    throw new FormatError(
      say`--resume: expected a folder with an interrupted run that was started with --save-every, got ${out}. Check the path, or start the run again.`,
    )
  const { options: given, ...command } = commandOf(where, text)
  const method = methodNamed(command.method)
  const chosen = {
    method,
    settings: parseSettings(method.name, method.fields, command.settings),
    training: parseTraining(command.training),
    like: parseAsking(where, command.like),
  }
  const options = keptCommand(given, out)
  const found = await runFolder(out).last.newest()
  for (const problem of found?.problems ?? []) process.stderr.write(`${sentence(problem)}\n`)
  return { options, chosen, oldLoss: command.oldLoss, initial: command.initial, snapshot: found?.snapshot }
}

function commandOf(where: string, text: string): v.InferOutput<typeof schema> {
  try {
    return v.parse(schema, JSON.parse(text))
  } catch (error) {
    throw new FormatError(
      say`${where}: expected the command that this version of TabTune kept, got something else (${messageOf(error)}). Start the run again.`,
    )
  }
}
