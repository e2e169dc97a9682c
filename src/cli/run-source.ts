// What a finished run keeps of its sources in DIR/source.json: the options that it was trained with, and the fingerprints of its base and its
// rows. tabtune export-run opens both again and compares them.
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { FormatError, messageOf } from '../config/errors'
import { joined, say } from '../config/phrase'
import { type BaseFormat, baseFormats } from '../config/run-config'
import { rowsFingerprint } from '../train/rows-fingerprint'
import type { RunRequest } from '../train/run-request'
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
})
type RunSource = v.InferOutput<typeof schema>

/** The file of a run. */
export async function sourceFile(options: Options, request: RunRequest): Promise<{ path: string; bytes: Uint8Array<ArrayBuffer> }> {
  const { method, settings, training, model, rows } = request
  const source: RunSource = {
    version: 1,
    options: options.all.filter(([name]) => !beside.includes(name)).map(([name, value]) => [name, value]),
    method: method.name,
    settings,
    training,
    model: { name: model.file.name, base: model.plan.base satisfies BaseFormat, fingerprint: model.identity?.fingerprint ?? 'unknown' },
    data: { name: rows.dataset.name, rows: rows.train.length, fingerprint: await rowsFingerprint(rows, training.maxLength) },
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

/** @throws FormatError if the base or the rows are others than those of the run */
export async function checkSources({ model, data }: RunSource, request: RunRequest): Promise<void> {
  const found = request.model.identity?.fingerprint
  const rows = await rowsFingerprint(request.rows, request.training.maxLength)
  const differ = [
    ...(found === model.fingerprint ? [] : [say`the base has the fingerprint ${found} instead of ${model.fingerprint}`]),
    ...(rows === data.fingerprint
      ? []
      : [
          say`the ${request.rows.train.length} rows of ${request.rows.dataset.name} have the fingerprint ${rows} instead of ${data.fingerprint}`,
        ]),
  ]
  if (differ.length)
    throw new FormatError(
      say`export-run: expected the base ${model.name} and the ${data.rows} rows of ${data.name} that the run was trained with, but ${joined(differ, ' and ')}. Nothing was written. Name the right ones with --model and --data.`,
    )
}
