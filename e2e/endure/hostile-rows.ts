// Hostile files of rows, on the whole way of a dataset: read, mapped, encoded, cut, reported and previewed.
import { defaultDataOptions } from '../../src/config/data-options'
import { TabTuneError } from '../../src/config/errors'
import { sentence } from '../../src/config/phrase'
import type { DataSource } from '../../src/data/data-source'
import { mapRows } from '../../src/data/map-rows'
import { openData } from '../../src/data/open-data'
import { dataLines, dataReport } from '../../src/data/report'
import { rowsAt } from '../../src/data/run-rows'
import { modelTokenizer } from '../../src/tokenizer/create-tokenizer'
import { directRenderer } from '../../src/tokenizer/template-renderer'
import type { Tokenizer } from '../../src/tokenizer/tokenizer'
import { openModel } from '../../src/formats/open-model'
import { sourcesAt } from '../../src/cli/files'
import { type HostileFile, hostileFile } from './hostile-files'
import type { EndurePart, EndureResult } from './part'

const template = `{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}`
/** Most processor time of a file: for itself, and for each of its megabytes. */
const [baseMs, perMegabyteMs] = [4000, 1500]
const keep = 256

interface Outcome {
  /** All that a person is told, one sentence on each line. */
  told: string
  /** Rows that are read. */
  rows?: number
  /** What must not happen. */
  problem?: string
}

/** The file as a source, which counts its bytes. */
function sourceOf({ bytes }: HostileFile, counted: { bytes: number }): DataSource {
  async function* stream() {
    for (const chunk of bytes()) {
      counted.bytes += chunk.length
      yield chunk
    }
  }
  return { name: 'hostile.jsonl', stream, read: () => Promise.reject(new DOMException('this file is not read again', 'NotReadableError')) }
}

async function outcomeOf(source: DataSource, tokenizer: Tokenizer, withTemplate: boolean): Promise<Outcome> {
  try {
    const renderer = withTemplate ? directRenderer(template) : undefined
    const read = await openData({ data: source }, { tokenizer, renderer, keep }, { ...defaultDataOptions, skipBadLines: true })
    const rows = rowsAt(read, keep)
    const { problems, problemCount, notes } = dataReport('hostile', rows)
    const reasons = problems.map(({ line, reason }) => `line ${line}: ${sentence(reason)}`)
    for (const row of rows.cut.rows.subarray(0, 3)) structuredClone(read.dataset.preview(row, keep))
    structuredClone({ problems, notes })
    const long = [...reasons, ...notes.map((note) => sentence(note))].find((text) => text.length > 10_000)
    return {
      told: [...dataLines(rows), ...reasons].join('\n'),
      rows: read.dataset.rows,
      ...(long && { problem: `a sentence of ${long.length} characters` }),
      ...(problemCount < problems.length && { problem: 'fewer problems than are listed' }),
    }
  } catch (error) {
    const told = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    return { told, ...(!(error instanceof TabTuneError) && { problem: 'an untyped error' }) }
  }
}

/** What is wrong with a case, if anything. */
async function problemOf(seed: number, tokenizer: Tokenizer): Promise<{ problem?: string; kind: string; ms: number; megabytes: number }> {
  const file = hostileFile(seed)
  const counted = { bytes: 0 }
  const started = process.cpuUsage()
  const { told, rows, problem } = await outcomeOf(sourceOf(file, counted), tokenizer, seed % 2 === 1)
  const { user, system } = process.cpuUsage(started)
  const [ms, megabytes] = [(user + system) / 1000, counted.bytes / 2 ** 20]
  const about = { kind: file.kind, ms, megabytes }
  const short = told.length > 600 ? `${told.slice(0, 600)}…` : told
  const control = /(?!\n)[\p{Cc}\u202a-\u202e]/u
  if (problem) return { ...about, problem: `${problem}: ${short}` }
  if (({} as Record<string, unknown>).polluted !== undefined) return { ...about, problem: 'the prototype of all objects is changed' }
  if (!file.says.test(told)) return { ...about, problem: `expected ${file.says}, got ${short}` }
  if (control.test(told)) return { ...about, problem: `a control character in: ${JSON.stringify(short)}` }
  if (file.rows !== undefined && (rows ?? 0) > file.rows) return { ...about, problem: `expected at most ${file.rows} rows, got ${rows}` }
  if (file.rows !== undefined && (rows ?? 0) < Math.min(1, file.rows)) return { ...about, problem: `expected rows, got none: ${short}` }
  if (ms > baseMs + perMegabyteMs * megabytes) return { ...about, problem: `${Math.round(ms)} ms for ${megabytes.toFixed(1)} MB` }
  await mapRows(sourceOf(file, counted), { format: 'auto' }).catch((error: unknown) => {
    if (!(error instanceof TabTuneError)) throw error
  })
  return about
}

async function run({ count, seed, report }: { count: number; seed: number; report(done: number): void }): Promise<EndureResult> {
  const tokenizer = modelTokenizer(await openModel(await sourcesAt('public/demo')))!
  const failures: EndureResult['failures'][number][] = []
  let slowest = { ms: 0, kind: '', megabytes: 0 }
  let mostHeap = 0
  let megabytes = 0
  for (let i = 0; i < count; i++) {
    const about = await problemOf(seed + i, tokenizer).catch((error: unknown) => ({
      kind: hostileFile(seed + i).kind,
      problem: String(error),
      ms: 0,
      megabytes: 0,
    }))
    if (about.problem) failures.push({ case: i, problem: `${about.kind}: ${about.problem}` })
    if (about.ms > slowest.ms) slowest = about
    megabytes += about.megabytes
    mostHeap = Math.max(mostHeap, process.memoryUsage().rss)
    report(i + 1)
  }
  const figures = [
    `${Math.round(megabytes)} MB in all`,
    `slowest ${Math.round(slowest.ms)} ms of processor time (${slowest.kind}, ${slowest.megabytes.toFixed(1)} MB)`,
    `resident memory at most ${Math.round(mostHeap / 2 ** 20)} MB`,
  ]
  return { figures, failures }
}

export const part: EndurePart = {
  name: 'hostile-rows',
  shows: 'every hostile file of rows gets its sentence, with typed errors only, in time linear in its size',
  unit: 'files',
  counts: { sample: 25, usual: 200, long: 2000 },
  run,
}
