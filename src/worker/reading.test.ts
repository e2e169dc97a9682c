// Datasets are read in a worker of their own: the same rows come back, and a reading ends at once when it is cancelled.
import { describe, expect, it } from 'vitest'
import { sourcesAt } from '../cli/files'
import { Cancelled, FormatError } from '../config/errors'
import { sentence } from '../config/phrase'
import { dataOptions } from '../data/testing/rows'
import { dataReport } from '../data/report'
import { rowsAt } from '../data/run-rows'
import type { ReadData } from '../data/run-rows'
import { openModel } from '../formats/open-model'
import { planModel } from '../peft/loaded-model'
import { directRenderer } from '../tokenizer/template-renderer'
import { type ReadReply, type ReadRequest, type ReadingWorker, answerRead, readHere, readInWorker } from './reading'

type Listener = (event: Event) => void

/** A worker in this thread: messages are cloned and buffers moved, as between threads. With `stuck` it never answers. */
function fakeWorker(stuck = false): ReadingWorker & { ended: boolean } {
  const listeners: Listener[] = []
  const worker = {
    ended: false,
    addEventListener: (type: string, listener: unknown) => void (type === 'message' && listeners.push(listener as Listener)),
    terminate: () => void (worker.ended = true),
    postMessage(request: unknown) {
      const send = (reply: ReadReply, transfer: ArrayBuffer[] = []): void => {
        const data = structuredClone(reply, { transfer })
        for (const listener of listeners) if (!worker.ended) listener(new MessageEvent('message', { data }))
      }
      // Node's structuredClone makes a nameless Blob of a File.
      const { files, ...rest } = request as ReadRequest
      if (!stuck) void answerRead({ ...structuredClone(rest), files }, directRenderer, send)
    },
  }
  return worker as ReadingWorker & { ended: boolean }
}

const file = (rows: readonly unknown[], name = 'data.jsonl') => new File([rows.map((row) => JSON.stringify(row)).join('\n')], name)
const pair = (i: number) => ({ prompt: `What is ${i}?`, completion: `The number ${i}. ${'It is a number. '.repeat(i % 40)}é` })
const model = async () => planModel(await openModel(await sourcesAt('public/demo')), 'native', 2 ** 30)

async function told(read: ReadData) {
  const report = dataReport('x', rowsAt(read, 64))
  const rows = Array.from({ length: read.dataset.rows }, (_, row) => read.dataset.example(row))
  return { report, rows, question: await read.dataset.question(39), asking: read.dataset.asking, evaluation: read.evalDataset?.example(0) }
}

describe('a dataset read in a worker', () => {
  it('is the same as one that is read here', async () => {
    const files = { data: file([...Array.from({ length: 60 }, (_, i) => pair(i)), 5]), evaluation: file([pair(2)], 'eval.jsonl') }
    const options = dataOptions({ taskDescription: 'Count.' })
    const progress: string[] = []
    const worker = fakeWorker()
    const inWorker = readInWorker(() => worker)
    for (const tokens of [[], ['<new>']]) {
      const read = await inWorker(await model(), tokens, files, options, {
        onProgress: ({ name }, { rows }) => progress.push(`${name} ${rows}`),
      })
      expect(await told(read)).toEqual(await told(await readHere(await model(), tokens, files, options)))
      expect(worker.ended).toBe(true)
      worker.ended = false
    }
    expect(progress).toContain('data.jsonl 61')
    expect(progress.at(-1)).toBe('eval.jsonl 1')
  }, 60_000)
  it('of another kind than JSONL is read again from its copy, with the lines of the file', async () => {
    const rows = Array.from({ length: 45 }, (_, i) => `"What is\n${i}?";"É ${'very long '.repeat(i)}"`)
    const csv = new File([['prompt;completion', ...rows, 'one field'].join('\r\n')], 'rows.csv')
    const read = await readInWorker(fakeWorker)(await model(), [], { data: csv }, dataOptions({ skipBadLines: true }))
    expect(read.dataset.rows).toBe(45)
    expect(read.dataset.problems).toMatchObject([{ line: 92 }])
    expect(read.dataset.notes.map((note) => sentence(note))).toContain('Read as CSV, separated by semicolons, with a header row.')
    expect((await read.dataset.question(44))?.expected).toBe(`É ${'very long '.repeat(44).trim()}`)
  })
  it('gives the error of its rows, with its kind', async () => {
    const read = readInWorker(fakeWorker)(await model(), [], { data: file([5]) }, dataOptions())
    const error: unknown = await read.catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ kind: 'FormatError' })
    const here: unknown = await readHere(await model(), [], { data: file([5]) }, dataOptions()).catch((thrown: unknown) => thrown)
    expect(sentence((error as FormatError).phrase)).toBe(sentence((here as FormatError).phrase))
  })
  it('ends at once when it is cancelled, whatever it is doing', async () => {
    const worker = fakeWorker(true)
    const stop = new AbortController()
    const read = readInWorker(() => worker)(await model(), [], { data: file([pair(1)]) }, dataOptions(), { signal: stop.signal })
    stop.abort()
    await expect(read).rejects.toThrow(Cancelled)
    expect(worker.ended).toBe(true)
    await expect(readInWorker(() => worker)(await model(), [], { data: file([]) }, dataOptions(), { signal: stop.signal })).rejects.toThrow(
      Cancelled,
    )
  })
})
