// Whether source.json is still the record of the run in its folder. A file that was changed by hand would describe a run that never was.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { FormatError } from '../config/errors'
import { type Phrase, joined, say } from '../config/phrase'
import type { RunSource } from './run-source'

const value = v.optional(v.union([v.number(), v.boolean(), v.string()]))
const settings = v.record(v.string(), value)
const text = v.optional(v.string())
/** What run.json says of the same things. */
const record = v.object({
  config: v.object({ method: v.string(), methodSettings: settings, training: settings }),
  model: v.object({ base: text, fingerprint: text }),
  data: v.object({ rows: v.number(), rowsFingerprint: text }),
})
const adapterFile = v.object({ base: v.optional(v.object({ fingerprint: v.string() })) })

/** A fact by its name, as source.json and as another file has it; the latter is undefined where that file does not say. */
type Fact = [name: string, here: unknown, there: unknown]

const factsOf = (name: string, here: Record<string, unknown>, there: Record<string, unknown>): Fact[] =>
  [...new Set([...Object.keys(here), ...Object.keys(there)])].map((key) => [
    `${name}.${key}`,
    here[key] ?? 'nothing',
    there[key] ?? 'nothing',
  ])

function inRecord({ method, settings: chosen, training, model, data }: RunSource, given: unknown): Fact[] {
  const { config, model: trainedOn, data: rows } = v.parse(record, given)
  return [
    ['method', method, config.method],
    ...factsOf('settings', chosen, config.methodSettings),
    ...factsOf('training', training, config.training),
    ['model.base', model.base, trainedOn.base],
    ['model.fingerprint', model.fingerprint, trainedOn.fingerprint],
    ['data.rows', data.rows, rows.rows],
    ['data.fingerprint', data.fingerprint, rows.rowsFingerprint],
  ]
}

const inAdapter = ({ model }: RunSource, given: unknown): Fact[] => [
  ['model.fingerprint', model.fingerprint, v.parse(adapterFile, given).base?.fingerprint],
]

const beside: readonly { file: string; facts: (source: RunSource, given: unknown) => Fact[] }[] = [
  { file: 'run.json', facts: inRecord },
  { file: 'tabtune.json', facts: inAdapter },
]

/** @throws FormatError naming what source.json and the files beside it say differently. A failed run has no run.json */
export async function checkRecord(folder: string, source: RunSource): Promise<void> {
  const differ: Phrase[] = []
  for (const { file, facts } of beside) {
    const where = join(folder, file)
    const content = await readFile(where, 'utf8').catch(() => undefined)
    if (content === undefined) continue
    try {
      for (const [name, here, there] of facts(source, JSON.parse(content)))
        if (there !== undefined && here !== there) differ.push(say`${name} is ${String(here)}, but ${String(there)} in ${file}`)
    } catch {
      throw new FormatError(
        say`${where}: expected the file that tabtune train wrote, got something else. Nothing was written. Take a copy of the run’s folder that was not changed.`,
      )
    }
  }
  if (differ.length)
    throw new FormatError(
      say`${join(folder, 'source.json')}: expected what the files beside it say of the run, got a record that differs: ${joined(differ, '; ')}. Nothing was written. Take a copy of the run’s folder that was not changed.`,
    )
}
