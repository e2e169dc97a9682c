import { sentence } from '../config/phrase'
import { unzipSync } from 'fflate'
import type { UseStore } from 'idb-keyval'
import { describe, expect, it } from 'vitest'
import { runStore } from './run-store'
import { memoryStore } from '../testing/memory-store'
import { checksumOf } from './checksum'
import { unzipBlob } from './unzip'
import { zipFiles, zipStream } from './zip'

/** What was kept, whatever it is. */
const asKept = (_runId: string, input: unknown) => input
const run = (name: string) => ({ name, last: undefined, losses: Float64Array.of(1, 0.5, NaN), evals: [{ step: 2, evalLoss: 1 }] })
const asCount = (_runId: string, input: unknown) => input as { n: number }
const adapter = {
  files: [
    { path: 'adapter_model.safetensors', bytes: new Uint8Array([1, 2, 3]) },
    { path: 'adapter_config.json', bytes: new TextEncoder().encode('{"r":8}') },
  ],
}

describe('runs', () => {
  it('come back with their curves and say whether an adapter is there', async () => {
    const store = runStore(asKept, memoryStore())
    await store.saveRun('a', run('first'))
    await store.saveRun('b', run('other'))
    await store.saveRun('a', run('later'))
    await store.saveRun('b', run('other'), { last: adapter, best: adapter })
    expect(await store.listRuns()).toEqual({
      runs: [
        { runId: 'a', run: run('later'), adapters: [] },
        { runId: 'b', run: run('other'), adapters: ['last', 'best'] },
      ],
      problems: [],
    })
    expect(await store.loadAdapter('b')).toEqual({ ...adapter, problems: [] })
    await store.deleteRun('b')
    expect((await store.listRuns()).runs.map((r) => r.runId)).toEqual(['a'])
    await expect(store.loadAdapter('b')).rejects.toThrow(/adapter of run b: expected it in this browser's storage, got nothing/)
  })

  it('are changed at the same moment, and no change is lost', async () => {
    const shared = memoryStore()
    const [one, other] = [runStore(asCount, shared), runStore(asCount, shared)]
    await one.saveRun('a', { n: 0 })
    const add = (kept: { n: number }) => ({ n: kept.n + 1 })
    await Promise.all([one.changeRun('a', add), other.changeRun('a', add), one.changeRun('a', add)])
    expect((await one.listRuns()).runs.map(({ run }) => run)).toEqual([{ n: 3 }])
    const [, changed] = await Promise.all([one.deleteRun('a'), other.changeRun('a', add)])
    expect(changed).toBeUndefined()
    expect((await one.listRuns()).runs).toEqual([])
  })

  it('that are damaged or come from another version are named, and the others stay', async () => {
    const map = new Map<string, unknown>()
    const store = runStore(asKept, memoryStore(map))
    for (const id of ['a', 'b', 'c']) await store.saveRun(id, run(id))
    ;(map.get('run/a') as { run: { losses: Float64Array } }).run.losses[1] = 0.6
    ;(map.get('run/b') as { version: number }).version = 2
    const { runs, problems } = await store.listRuns()
    expect(runs.map((r) => r.runId)).toEqual(['c'])
    expect(problems.map((p) => sentence(p.reason))).toEqual([
      'run a: expected the bytes that were kept, got others. The record is damaged. Delete it, and use a downloaded copy.',
      'run b: expected version 1, got 2. Open it with the version of TabTune that wrote it.',
    ])
  })

  it('give out the intact files of a damaged adapter, and name the others', async () => {
    const map = new Map<string, unknown>()
    const store = runStore(asKept, memoryStore(map))
    await store.saveRun('a', run('a'), { last: adapter })
    const { value } = map.get('adapter/a') as { value: { bytes: Uint8Array }[] }
    value[0].bytes[1] = 9
    const { files, problems } = await store.loadAdapter('a')
    expect(files).toEqual(adapter.files.slice(1))
    expect(problems.map((p) => sentence(p))).toEqual([expect.stringMatching(/adapter_model.safetensors of run a: expected the bytes/)])
    value[1].bytes[0] = 9
    await expect(store.loadAdapter('a')).rejects.toThrow(/adapter of run a: expected the bytes/)
  })

  it('say when there is no room', async () => {
    const full: UseStore = async () => {
      throw new DOMException('full', 'QuotaExceededError')
    }
    await expect(runStore(asKept, full).saveRun('a', run('a'))).rejects.toThrow(/run a: expected room for it, got a full storage/)
    const broken: UseStore = async () => {
      throw new DOMException('no', 'SecurityError')
    }
    await expect(runStore(asKept, broken).listRuns()).rejects.toThrow(/got SecurityError: no/)
  })
})

it('zips files into a folder', () => {
  const files = unzipSync(zipFiles('my-adapter', adapter.files))
  expect(Object.keys(files)).toEqual(['my-adapter/adapter_model.safetensors', 'my-adapter/adapter_config.json'])
  expect([...files['my-adapter/adapter_model.safetensors']]).toEqual([1, 2, 3])
})

it('zips content that is made piece by piece, and unzips it again', async () => {
  const pieces = Array.from({ length: 5 }, (_, i) => new Uint8Array(3000).map((_, at) => at * (i + 3)))
  const files = [
    {
      path: 'config.json',
      async *chunks() {
        yield new TextEncoder().encode('{}')
      },
    },
    {
      path: 'model.safetensors',
      async *chunks() {
        yield* pieces
      },
    },
  ]
  const chunks: Uint8Array<ArrayBuffer>[] = []
  for await (const chunk of zipStream('merged', files)) chunks.push(chunk)
  expect(chunks.length).toBeGreaterThan(5)
  const out = await unzipBlob('merged.zip', new Blob(chunks))
  expect(out.map((f) => f.path)).toEqual(['merged/config.json', 'merged/model.safetensors'])
  expect(await out[1].content.arrayBuffer()).toEqual(await new Blob(pieces).arrayBuffer())
})

it('differs if data differ, but not if only the order of keys does', async () => {
  expect(await checksumOf({ a: 1, b: [NaN] })).toBe(await checksumOf({ b: [NaN], a: 1 }))
  const different = [{ a: 1 }, { a: '1' }, { a: [1] }, { a: Uint8Array.of(1) }, { a: Int8Array.of(1) }, { a: null }, {}]
  expect(new Set(await Promise.all(different.map(checksumOf))).size).toBe(different.length)
})
