import { describe, expect, test } from 'vitest'
import { TabTuneError, messageOf } from '../config/errors'
import { checkedBytes } from '../config/sha256'
import { type Fault, Operations, faultKinds } from '../testing/memory-folder'
import { type SpaceFolders, memorySpace } from '../testing/memory-space'
import { memoryStore } from '../testing/memory-store'
import { type KeptFiles, keptFiles } from './kept-files'

type NewKept = Parameters<KeptFiles['keep']>[0]
type KeptFile = Parameters<KeptFiles['keep']>[1][number]

/** One browser: what is in its two storages, and which copies are being written in any tab. */
function browser() {
  const folders: SpaceFolders = new Map()
  const records = new Map<string, unknown>()
  const held = new Set<string>()
  return {
    folders,
    records,
    held,
    open: (operations = new Operations()) =>
      keptFiles({
        space: memorySpace(folders, operations),
        records: memoryStore(records),
        writing: {
          hold: async (id) => (held.add(id), () => held.delete(id)),
          running: async () => new Set(held),
        },
      }),
  }
}

function bytes(seed: number, size: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(size).map((_, i) => Math.imul(i + seed, 2654435761) >>> 24)
}
const picked = (path: string, content: Uint8Array<ArrayBuffer>): KeptFile => ({
  path,
  file: new File([content], path.split('/').pop() ?? path),
})

const model: NewKept = { kind: 'model', name: 'tiny', fingerprint: 'f'.repeat(64), lineage: 'e'.repeat(64) }
/** Small, so that the many cases are quick; data have more than one checksum. */
const weights = bytes(1, 1000)
const modelFiles = [picked('tiny/config.json', bytes(2, 100)), picked('tiny/model.safetensors', weights)]
const data: NewKept = { kind: 'data', name: 'rows.jsonl' }
const dataFiles = [picked('rows.jsonl', bytes(3, checkedBytes + 1))]
const told = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof TabTuneError ? messageOf(error) : `untyped: ${String(error)}`),
  )

describe('a copy', () => {
  test('comes back with its paths, names and bytes in another session, the last used first', async () => {
    const { open } = browser()
    const seen: number[] = []
    const kept = await open().keep(model, modelFiles, { onProgress: (fraction) => seen.push(fraction) })
    const rows = await open().keep(data, dataFiles)
    expect(seen.at(-1)).toBe(1)
    const later = open()
    expect((await later.list()).problems).toEqual([])
    const files = await later.open(kept.id)
    expect(files.map(({ path, file }) => [path, file.name])).toEqual([
      ['tiny/config.json', 'config.json'],
      ['tiny/model.safetensors', 'model.safetensors'],
    ])
    expect(new Uint8Array(await files[1].file.arrayBuffer())).toEqual(weights)
    const listed = (await later.list()).kept
    expect(listed.map((k) => k.id)).toEqual([kept.id, rows.id])
    expect(listed[0]).toMatchObject({ kind: 'model', name: 'tiny', sizeBytes: weights.length + 100, fingerprint: model.fingerprint })
    // Data are known by their bytes.
    expect(rows.fingerprint).toMatch(/^[0-9a-f]{64}$/)
    expect((await open().keep({ ...data, name: 'other' }, dataFiles)).fingerprint).toBe(rows.fingerprint)
  })

  test('is whole or not there at all, whichever operation of the storage fails and however', async () => {
    const count = new Operations()
    await browser().open(count).keep(model, modelFiles)
    expect(count.count).toBeGreaterThan(8)
    let failed = 0
    for (const kind of faultKinds)
      for (let at = 1; at <= count.count; at++) {
        const { open, folders } = browser()
        const outcome = await told(open(new Operations({ at, kind } satisfies Fault)).keep(model, modelFiles))
        expect(outcome, `${kind} ${at}`).not.toMatch(/^untyped/)
        const after = await open().list()
        if (outcome === 'done' && after.kept.length) {
          // A write that was lost without a word is noticed when the copy is opened.
          const read = await told(open().open(after.kept[0].id))
          if (kind !== 'lost') expect(read, `${kind} ${at}`).toBe('done')
          continue
        }
        failed++
        if (kind === 'lost') expect(after.kept, `${kind} ${at}`).toEqual([])
        else {
          expect(after, `${kind} ${at}`).toEqual({ kept: [], problems: [] })
          expect(folders.size, `${kind} ${at}`).toBe(0)
        }
      }
    expect(failed).toBeGreaterThan(4 * count.count - 8)
  })

  test('that is cancelled, or whose original cannot be read, leaves nothing', async () => {
    const { open, folders } = browser()
    const stop = new AbortController()
    const cancelled = open().keep(model, modelFiles, { signal: stop.signal, onProgress: () => stop.abort() })
    expect(await told(cancelled)).toBe('Stopped as asked.')
    expect(folders.size).toBe(0)
    const gone = new File([bytes(1, 10)], 'gone.gguf')
    gone.slice = () => ({ arrayBuffer: () => Promise.reject(new DOMException('', 'NotReadableError')) }) as unknown as Blob
    expect(await told(open().keep(model, [{ path: 'gone.gguf', file: gone }]))).toMatch(
      /^gone\.gguf: expected a file that can be read, got Not/,
    )
    expect(folders.size).toBe(0)
  })

  test('names the file for which there was no room', async () => {
    const outcome = await told(
      browser()
        .open(new Operations({ at: 5, kind: 'quota' }))
        .keep(model, modelFiles),
    )
    expect(outcome).toMatch(/^model\.safetensors: expected room for it, got a full storage\./)
  })

  test('that another tab is writing is left alone', async () => {
    const { open, folders, held } = browser()
    folders.set('theirs', new Map([['0', bytes(1, 3)]]))
    held.add('theirs')
    expect(await open().list()).toEqual({ kept: [], problems: [] })
    expect(folders.has('theirs')).toBe(true)
    held.clear()
    await open().list()
    expect(folders.has('theirs')).toBe(false)
  })

  test('is deleted in both places, also if the page closes meanwhile', async () => {
    const { open, folders, records } = browser()
    const kept = await open().keep(model, modelFiles)
    const operations = new Operations({ at: 1, kind: 'killed' })
    expect(await told(open(operations).remove(kept.id))).not.toBe('done')
    expect(folders.size).toBe(1)
    expect((await open().list()).kept).toEqual([])
    expect([folders.size, records.size]).toEqual([0, 0])
    await open().remove(kept.id)
  })
})

describe('the list', () => {
  test('is rebuilt from the records beside the files if IndexedDB is lost, and the other way round', async () => {
    const { open, folders, records } = browser()
    const kept = await open().keep(model, modelFiles)
    const before = new Map(records)
    records.clear()
    expect((await open().list()).kept.map((k) => k.id)).toEqual([kept.id])
    expect(records.get(kept.id)).toEqual(before.get(kept.id))
    for (const about of [undefined, new Uint8Array([1, 2])]) {
      const files = folders.get(kept.id)!
      if (about) files.set('about.json', about)
      else files.delete('about.json')
      expect((await open().list()).kept).toMatchObject([{ id: kept.id }])
      records.clear()
      expect((await open().list()).kept).toMatchObject([{ id: kept.id }])
    }
  })

  test('names what cannot be used, and deletes it when asked', async () => {
    const { open, folders, records } = browser()
    const store = open()
    const [cleared, short, lost] = [
      await store.keep(model, modelFiles),
      await store.keep(model, modelFiles),
      await store.keep(data, dataFiles),
    ]
    folders.delete(cleared.id)
    folders.get(short.id)!.set('1', weights.slice(0, 9))
    folders.get(lost.id)!.set('about.json', bytes(1, 30))
    records.delete(lost.id)
    const { kept, problems } = await store.list()
    expect(kept).toEqual([])
    const reasons = problems.map((p) => messageOf(new TabTuneError('Error', p.reason)))
    expect(reasons).toHaveLength(3)
    expect(reasons.join('\n')).toMatch(/config\.json: expected the copy in this browser, got nothing\. It was deleted in another tab/)
    expect(reasons.join('\n')).toMatch(/model\.safetensors: expected the bytes that were kept, got others\./)
    expect(reasons.join('\n')).toMatch(/copy: expected its record, got other bytes/)
    for (const { id } of problems) await store.remove(id)
    expect(await store.list()).toEqual({ kept: [], problems: [] })
    expect(folders.size + records.size).toBe(0)
  })
})

test('each flipped byte of kept data is noticed and named', async () => {
  const { open, folders } = browser()
  const kept = await open().keep(data, dataFiles)
  const content = folders.get(kept.id)!.get('0')!
  for (const at of [0, checkedBytes - 1, checkedBytes]) {
    content[at] ^= 1
    expect(await told(open().open(kept.id))).toMatch(/^rows\.jsonl: expected the bytes that were kept, got others\. The copy/)
    content[at] ^= 1
  }
  expect(await told(open().open(kept.id))).toBe('done')
})
