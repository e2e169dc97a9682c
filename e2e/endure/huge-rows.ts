// A dataset larger than memory, made while it is read: most of its bytes are in rows that keep few tokens, as web pages and documents do
// at the context of a model. What is held must not grow with the file.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { defaultDataOptions } from '../../src/config/data-options'
import type { DataSource } from '../../src/data/data-source'
import { openData } from '../../src/data/open-data'
import { dataReport } from '../../src/data/report'
import { rowsAt } from '../../src/data/run-rows'
import { openModel } from '../../src/formats/open-model'
import { modelTokenizer } from '../../src/tokenizer/create-tokenizer'
import { sourcesAt } from '../../src/cli/files'
import type { EndurePart, EndureResult } from './part'

const keep = 256
/** Most JavaScript memory beyond that of the start, for any size. */
const mostBytes = 256 * 2 ** 20

const encoder = new TextEncoder()

const filler = 'The sun rose over the hill, and the small bird sang a song of the sea. '.repeat(8000)
/** Characters of an answer that is longer than the context. */
const longAnswer = 20_000

/** Row `i`. A row in 20 has long words that are encoded, a line in 50 cannot be read, and blank lines lie between. */
function rowOf(i: number): string {
  if (i % 50 === 49) return `{"prompt":"broken","completion":"${filler.slice(0, 100_000)}\n`
  const completion = i % 20 === 7 ? filler.slice(0, longAnswer) : `Answer ${i}.`
  const document = filler.slice(0, 1000 + ((i * 7919) % 400_000))
  return `{"prompt":"Question ${i}?","completion":"${completion}","document":"${document}"}\n${'\n'.repeat(i % 11)}`
}

/** A file of at least `sizeBytes`. Each row depends on its number alone, so a row can be made again. */
function hugeSource(sizeBytes: number, onBytes: (bytes: number) => void): DataSource {
  const starts: number[] = []
  async function* stream() {
    let at = 0
    for (let i = 0; at < sizeBytes; i++) {
      const row = encoder.encode(rowOf(i))
      // The file may be gone through again, for example once to guess its kind.
      if (i % 1000 === 0) starts[i / 1000] = at
      for (let from = 0; from < row.length; from += 2 ** 16) yield row.subarray(from, from + 2 ** 16)
      at += row.length
      onBytes(at)
      // Other tasks run while a file is read.
      if (i % 64 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
  }
  async function read(at: number, size: number): Promise<Uint8Array> {
    let i =
      Math.max(
        0,
        starts.findLastIndex((start) => start <= at),
      ) * 1000
    let start = starts[i / 1000] ?? 0
    for (; ; i++) {
      const row = encoder.encode(rowOf(i))
      if (at < start + row.length) return row.slice(at - start, at - start + size)
      start += row.length
    }
  }
  return { name: 'huge.jsonl', sizeBytes, stream, read }
}

function held(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

async function run({ count, report }: { count: number; report(done: number): void }): Promise<EndureResult> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const tokenizer = modelTokenizer(await openModel(await sourcesAt('public/demo')))!
  collect()
  const start = held()
  let [most, mostWithGarbage, nextLook] = [0, 0, 0]
  const source = hugeSource(count * 2 ** 20, (bytes) => {
    mostWithGarbage = Math.max(mostWithGarbage, held() - start)
    if (bytes < nextLook) return
    nextLook = bytes + Math.max(2 ** 23, (count * 2 ** 20) / 100)
    collect()
    most = Math.max(most, held() - start)
    report(Math.min(count, Math.floor(bytes / 2 ** 20)))
  })
  const failures: { case: number; problem: string }[] = []
  const began = process.cpuUsage()
  const read = await openData({ data: source }, { tokenizer, keep }, { ...defaultDataOptions, skipBadLines: true, holdOut: 0.1 })
  const seconds = process.cpuUsage(began).user / 1e6
  const { dataset } = read
  const about = dataReport('huge', rowsAt(read, keep))
  const megabytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MB`
  if (most > mostBytes) failures.push({ case: 0, problem: `${megabytes(most)} are held, at most ${megabytes(mostBytes)} expected` })
  if (!about.problemCount) failures.push({ case: 0, problem: 'no broken line is named' })
  // Row 7 has an answer that is longer than the context, so its words come from the file again.
  const answer = await dataset.question(7)
  if (answer?.expected !== filler.slice(0, longAnswer).trim())
    failures.push({
      case: 0,
      problem: `row 7 read again has ${answer?.expected.length} characters: ${answer?.expected.slice(0, 40)} … ${answer?.expected.slice(-40)}`,
    })
  const last = await dataset.question(dataset.rows - 1)
  if (!last?.expected) failures.push({ case: 0, problem: 'the last row has no answer' })
  const figures = [
    `${dataset.rows} rows, ${about.problemCount} refused`,
    `${megabytes(most)} of JavaScript memory held, ${megabytes(mostWithGarbage)} with garbage`,
    `${Math.round(count / seconds)} MB/s of processor time`,
  ]
  return { figures, failures }
}

export const part: EndurePart = {
  name: 'huge-rows',
  shows: 'a dataset larger than memory is read in at most 256 MB of JavaScript memory',
  unit: 'megabytes',
  counts: { sample: 50, usual: 5000, long: 50_000 },
  run,
}
