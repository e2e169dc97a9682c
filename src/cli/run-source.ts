// What a finished run keeps of its sources in DIR/source.json: the options that it was trained with, and the fingerprints of its base and its
// rows and of the adapter that it started from. tabtune export-run opens them again and compares them.
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { FormatError, messageOf } from '../config/errors'
import { joined, say } from '../config/phrase'
import { type BaseFormat, baseFormats } from '../config/run-config'
import { shortText } from '../data/short-text'
import { isObject } from '../formats/json-check'
import { rowsFingerprint } from '../train/rows-fingerprint'
import type { RunRequest } from '../train/run-request'
import { checksumOf } from '../storage/checksum'
import { keptOptions } from './run-folder'
import { type GivenOption, Options, argumentsOf } from './options'

const sourceName = 'source.json'
/** Options that name what a run reads. */
export const inputs = ['model', 'data', 'eval', 'replay', 'recipe', 'init'] as const
/** Options that do not say what is trained. */
const beside = ['out', 'resume', 'save-every', 'exact-match', 'dtype', 'eval-old']

const settings = v.record(v.string(), v.union([v.number(), v.boolean(), v.string()]))
const schema = v.object({
  version: v.literal(1),
  /** With paths as they were given. */
  options: keptOptions,
  method: v.string(),
  settings,
  training: settings,
  model: v.object({ name: v.string(), base: v.picklist(baseFormats), fingerprint: v.string() }),
  data: v.object({ name: v.string(), rows: v.number(), fingerprint: v.string() }),
  /** Of the values of --init. Absent without it. */
  initial: v.optional(v.string()),
})
export type RunSource = v.InferOutput<typeof schema>

/** Of the values that a run starts from; undefined if the method makes them. */
export const initialFingerprint = async (initial: RunRequest['initial']): Promise<string | undefined> =>
  initial?.size ? checksumOf(Object.fromEntries(initial)) : undefined

/** The file of a run. `initial`: the fingerprint of the values of --init. */
export async function sourceFile(
  options: Options,
  request: RunRequest,
  initial: string | undefined,
): Promise<{ path: string; bytes: Uint8Array<ArrayBuffer> }> {
  const { method, settings, training, model, rows } = request
  const source: RunSource = {
    version: 1,
    options: options.all.filter(([name]) => !beside.includes(name)).map(([name, value]) => [name, value]),
    method: method.name,
    settings,
    training,
    model: { name: model.file.name, base: model.plan.base satisfies BaseFormat, fingerprint: model.identity?.fingerprint ?? 'unknown' },
    data: { name: rows.dataset.name, rows: rows.train.length, fingerprint: await rowsFingerprint(rows, training.maxLength) },
    initial,
  }
  return { path: sourceName, bytes: new TextEncoder().encode(`${JSON.stringify(source, null, 2)}\n`) }
}

/** The record of the run in `folder`. @throws FormatError if it has none */
export async function runSource(folder: string): Promise<RunSource> {
  const where = join(folder, sourceName)
  const text = await readFile(where, 'utf8').catch(() => undefined)
  if (text === undefined)
    throw new FormatError(
      say`--run: expected a folder that tabtune train wrote for a run on text, with ${sourceName}, got ${folder}. Check the path. A run of an older version lacks the file: train it again.`,
    )
  try {
    return v.parse(schema, JSON.parse(text))
  } catch (error) {
    throw new FormatError(
      say`${where}: expected a run of this version of TabTune, got something else (${messageOf(error)}). Train it again.`,
    )
  }
}

/** The options of the run, with other paths where `given` names them. @throws FormatError naming every file and folder that is not there */
export async function sourceOptions({ options: kept, model, data }: RunSource, given: Options): Promise<Options> {
  const other = (name: string) => given.all.find(([option]) => option === name)?.[1]
  const options = kept.map(([name, value]): GivenOption => [name, other(name) ?? value])
  const missing = []
  for (const [name, path] of options) {
    if (!inputs.some((input) => input === name) || path === true) continue
    if (await stat(path).catch(() => undefined)) continue
    const what = name === 'model' ? say`base ${model.name}` : name === 'data' ? say`data ${data.name}` : say`file or folder of --${name}`
    missing.push(say`${what} at ${path}`)
  }
  if (missing.length)
    throw new FormatError(
      say`export-run: expected what the run was trained with, but there is no ${joined(missing, ' and no ')}. Nothing was written. Start the command in the folder in which the run was trained, or name the places with --model and --data.`,
    )
  return new Options(['train', ...argumentsOf(options)])
}

/** The loss of the first step in a run's metrics.jsonl; undefined if it has none. @throws FormatError naming a line that is damaged */
function firstLossIn(where: string, text: string): number | undefined {
  for (const [i, line] of text.split('\n').entries()) {
    if (line === '') continue
    const row = metricsRow(line)
    if (!row)
      throw new FormatError(
        say`${where}, line ${i + 1}: expected an object as JSON, got ${shortText(line)}. The file is damaged: take a copy of the run, or delete the file to leave the first loss out.`,
      )
    if (row.step === 1 && typeof row.loss === 'number') return row.loss
  }
  return undefined
}

function metricsRow(line: string): Record<string, unknown> | undefined {
  try {
    const row: unknown = JSON.parse(line)
    return isObject(row) ? row : undefined
  } catch {
    return undefined
  }
}

/** The loss of the first step of the run in `folder`, if it was kept. @throws FormatError for a file that cannot be read */
export async function firstLossOf(folder: string): Promise<number | undefined> {
  const where = join(folder, 'metrics.jsonl')
  const text = await readFile(where, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw new FormatError(say`${where}: expected a file that can be read, got ${error.code ?? error.message}. Check the folder of the run.`)
  })
  return firstLossIn(where, text)
}

/** @throws FormatError if the base, the rows or the starting adapter are others than those of the run */
export async function checkSources({ model, data, initial }: RunSource, request: RunRequest): Promise<void> {
  const found = request.model.identity?.fingerprint
  const rows = await rowsFingerprint(request.rows, request.training.maxLength)
  const start = await initialFingerprint(request.initial)
  const differ = [
    ...(found === model.fingerprint ? [] : [say`the base has the fingerprint ${found} instead of ${model.fingerprint}`]),
    ...(rows === data.fingerprint
      ? []
      : [
          say`the ${request.rows.train.length} rows of ${request.rows.dataset.name} have the fingerprint ${rows} instead of ${data.fingerprint}`,
        ]),
  ]
  if (start !== initial)
    throw new FormatError(
      initial === undefined
        ? say`--init: expected the fingerprint of the adapter that the run started from in ${sourceName}, got none, so the adapter with ${start ?? ''} may be another one. Nothing was written. A run that an older version of TabTune resumed lacks it: train it again.`
        : say`--init: expected the adapter that the run started from, with the fingerprint ${initial}, got one with ${start ?? say`no values`}. Nothing was written. Name the right one with --init.`,
    )
  if (differ.length)
    throw new FormatError(
      say`export-run: expected the base ${model.name} and the ${data.rows} rows of ${data.name} that the run was trained with, but ${joined(differ, ' and ')}. Nothing was written. Name the right ones with --model and --data.`,
    )
}
