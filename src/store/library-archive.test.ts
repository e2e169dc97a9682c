// The whole library goes into one file, and comes out of it the same in another browser.
import { unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { Cancelled } from '../config/errors'
import { type Phrase, asWritten, say, sentence } from '../config/phrase'
import { keptFiles } from '../storage/kept-files'
import { zipFiles } from '../storage/zip'
import { dataFile, makeStudio, missingOf, modelFiles, until } from '../testing/fake-studio'
import { memorySpace } from '../testing/memory-space'
import { memoryStore } from '../testing/memory-store'
import { saying } from '../testing/saying'
import { diagnosticsOf } from './diagnostics'
import type { Unzip } from './imports'
import { memoryKeeping } from './keeping'
import { memoryLiving } from './living'
import { columnOf } from './series'
import type { Studio } from './studio'
import { memoryTabs } from './tab-channel'

async function browser(unzip?: Unzip, keeping = memoryKeeping(), channel = memoryTabs()()) {
  const files = keptFiles({ space: memorySpace(), records: memoryStore(), writing: memoryLiving() })
  const studio = makeStudio({}, keeping, undefined, { keptFiles: files, channel, ...(unzip && { unzip }) })
  await studio.device.check({ secure: true, hasWebGpu: true })
  await studio.copies.load()
  return { studio, keeping, files }
}

/** A library with a model, a dataset, and a run with its adapter. */
async function filled() {
  const { studio, keeping } = await browser()
  await studio.openModel(modelFiles)
  await studio.openData(dataFile())
  studio.setup.setTrainingValue('steps', 5)
  await until(() => missingOf(studio) === undefined && studio.copies.store.getState().kept.length === 2)
  const runId = studio.start() ?? ''
  await until(() => studio.runs.find(runId)?.status === 'finished' && !studio.activity.getState().training)
  studio.runs.note(runId, { name: 'NaN' })
  await until(() => studio.runs.find(runId)?.name === 'NaN')
  return { studio, keeping, runId }
}

async function archiveOf(studio: Studio, withModels = true): Promise<File> {
  const blob = await studio.archive.write(withModels)
  return new File([blob ?? ''], 'all.zip')
}

/** What an archive did not get, or what was not taken out of it. */
const leftOut = (studio: Studio): string[] =>
  (studio.archive.store.getState().done?.problems ?? []).map((problem: Phrase) => sentence(problem))

const list = (studio: Studio) =>
  studio.copies.store
    .getState()
    .kept.map(({ kind, name, fingerprint, sizeBytes }) => ({ kind, name, fingerprint, sizeBytes }))
    .sort((a, b) => a.kind.localeCompare(b.kind))

describe('an archive of the library', () => {
  it('has everything, and another browser takes all of it in once', async () => {
    const { studio, keeping, runId } = await filled()
    const file = await archiveOf(studio)
    expect(studio.archive.store.getState().done).toMatchObject({ way: 'written', counts: { models: 1, data: 1, runs: 1 }, problems: [] })

    const tab = memoryTabs()
    const other = await browser(undefined, memoryKeeping(), tab())
    const beside = await browser(undefined, other.keeping, tab())
    await other.studio.archive.read(file)
    expect(other.studio.archive.store.getState()).toMatchObject({
      done: { way: 'read', counts: { models: 1, data: 1, runs: 1 }, there: 0, problems: [] },
    })
    expect(list(other.studio)).toEqual(list(studio))
    const [run, taken] = [studio, other.studio].map((each) => each.runs.find(runId)!)
    expect({ ...taken, changedAt: 0, progress: 0 }).toEqual({ ...run, changedAt: 0, progress: 0 })
    const losses = [studio, other.studio].map((each) => [...columnOf(each.runs.seriesOf(runId).steps, 'loss')])
    expect(losses[1]).toEqual(losses[0])
    expect(losses[0]).toHaveLength(5)
    expect((await other.keeping.adapter(runId)).files).toEqual((await keeping.adapter(runId)).files)
    await until(() => beside.studio.runs.find(runId) !== undefined)
    expect([...columnOf(beside.studio.runs.seriesOf(runId).steps, 'loss')]).toEqual(losses[0])
    const model = other.studio.copies.store.getState().kept.find(({ kind }) => kind === 'model')
    expect((await other.studio.copies.open(model!.id))?.map(({ path }) => path)).toEqual(modelFiles.map(({ path }) => path))

    await other.studio.archive.read(file)
    expect(other.studio.archive.store.getState().done).toMatchObject({ counts: { models: 0, data: 0, runs: 0 }, there: 3 })
    expect(other.studio.runs.store.getState().runs).toHaveLength(1)
  })

  it('leaves the models out where a person wants it', async () => {
    const { studio } = await filled()
    const other = await browser()
    await other.studio.archive.read(await archiveOf(studio, false))
    expect(other.studio.archive.store.getState().done).toMatchObject({ counts: { models: 0, data: 1, runs: 1 } })
  })

  it('takes in nothing that is not ours, and says what is missing, damaged or of another version', async () => {
    const { studio } = await filled()
    const inside = Object.entries(unzipSync(new Uint8Array(await (await archiveOf(studio)).arrayBuffer())))
    const files = inside.map(([path, bytes]) => ({ path: path.replace('tabtune-library/', ''), bytes: new Uint8Array(bytes) }))
    const read = async (folder: string, change: (text: string) => string, without = '') => {
      const changed = files
        .filter(({ path }) => path !== without)
        .map(({ path, bytes }) =>
          path === 'library.json' ? { path, bytes: new TextEncoder().encode(change(new TextDecoder().decode(bytes))) } : { path, bytes },
        )
      const other = await browser()
      await other.studio.archive.read(new File([zipFiles(folder, changed)], 'all.zip'))
      const { error, done } = other.studio.archive.store.getState()
      return { said: [error, ...(done?.problems ?? [])].flatMap((phrase) => (phrase ? [sentence(phrase)] : [])).join(' '), ...other }
    }
    const same = (text: string) => text
    expect((await read('adapter', same)).said).toMatch(/^all\.zip: expected an archive of a TabTune library/)
    expect((await read('tabtune-library', () => '{')).said).toMatch(/^all\.zip: expected an archive of a TabTune library/)
    expect((await read('tabtune-library', (text) => text.replace('"version":1', '"version":2'))).said).toMatch(/got version 2/)
    expect((await read('tabtune-library', same, 'runs/0/run.json')).said).toMatch(/expected runs\/0\/run\.json, which its list names/)
    const damaged = await read('tabtune-library', (text) => text.replace(/"sums":"[0-9a-f]/, '"sums":"x'))
    expect(damaged.said).toMatch(/expected the bytes that were written into the archive/)
    expect(await damaged.files.list()).toMatchObject({ kept: [{}], problems: [] })
    expect(damaged.studio.runs.store.getState().runs).toHaveLength(1)
  })

  it('keeps a run whose adapter is damaged, without the adapter, and names all that is left out', async () => {
    const { studio, keeping, runId } = await filled()
    const run = studio.runs.find(runId)!
    keeping.adapter = async () => ({ files: [], problems: [asWritten('adapter_model.safetensors is damaged.')] })
    studio.runs.store.setState(({ runs }) => ({
      runs: [
        ...runs,
        { ...run, id: 'waits', name: 'Waits', status: 'queued' },
        { ...run, id: 'there', name: 'There', status: 'elsewhere' },
      ],
      problems: [{ runId: 'old', reason: asWritten('run old cannot be read.'), hasAdapter: false }],
    }))
    studio.copies.store.setState({ problems: [{ id: 'copy', reason: asWritten('A copy is damaged.') }] })
    const file = await archiveOf(studio)
    expect(leftOut(studio)).toEqual([
      'A copy is damaged.',
      'run old cannot be read.',
      'Waits: the run has not ended, so it is not in the archive.',
      'There: the run has not ended, so it is not in the archive.',
      'NaN: its adapter is not in the archive, but its curves and notes are. adapter_model.safetensors is damaged.',
    ])
    const other = await browser()
    await other.studio.archive.read(file)
    expect(leftOut(other.studio)).toEqual([])
    expect(other.studio.runs.find(runId)).toMatchObject({ name: 'NaN', files: undefined })
    expect(columnOf(other.studio.runs.seriesOf(runId).steps, 'loss')).toHaveLength(5)
  })

  it('takes a run in without an adapter whose files are not those of its record', async () => {
    const { studio, runId } = await filled()
    const files = Object.entries(unzipSync(new Uint8Array(await (await archiveOf(studio)).arrayBuffer()))).map(([path, bytes]) => ({
      path: path.replace('tabtune-library/', ''),
      bytes: new Uint8Array(bytes),
    }))
    const weights = files.find(({ path }) => path.startsWith('runs/0/last/') && path.endsWith('.safetensors'))!
    for (const bytes of [undefined, weights.bytes.slice(1)]) {
      const given = files.flatMap((each) => (each !== weights ? [each] : bytes ? [{ ...each, bytes }] : []))
      const other = await browser()
      await other.studio.archive.read(new File([zipFiles('tabtune-library', given)], 'all.zip'))
      expect(leftOut(other.studio)).toEqual([
        expect.stringMatching(/^NaN: expected all files of its adapter, .*\.safetensors\. The run was/),
      ])
      expect(other.studio.runs.find(runId)).toMatchObject({ name: 'NaN', files: undefined })
      await expect(other.keeping.adapter(runId)).rejects.toThrow('is not saved')
    }
  })

  it('stops while it is unzipped', async () => {
    const never: Unzip = (_name, _blob, _all, signal) =>
      new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Cancelled())))
    const { studio } = await browser(never)
    const reading = studio.archive.read(new File(['zip'], 'all.zip'))
    await until(() => studio.archive.store.getState().doing === 'reading')
    studio.archive.stop()
    await reading
    expect(studio.archive.store.getState()).toMatchObject({ doing: undefined, error: undefined, done: undefined })
  })

  it('ends when a person stops it', async () => {
    const { studio } = await filled()
    const writing = studio.archive.write(true)
    studio.archive.stop()
    expect(await writing).toBeUndefined()
    expect(studio.archive.store.getState()).toMatchObject({ doing: undefined, error: undefined, done: undefined })
  })
})

describe('diagnostics', () => {
  it('have the adapter, what is open and every error, but no name of a file', async () => {
    const { studio } = await filled()
    await studio.openData({ path: 'secret.jsonl', file: new File([''], 'secret.jsonl') })
    expect(studio.data.store.getState().failed?.reason).toEqual(saying('secret.jsonl'))
    const told = () => diagnosticsOf(studio, { version: '9.9.9', userAgent: 'Browser/1', languages: ['en'] })
    await studio.archive.read(new File(['no zip'], 'secret.zip'))
    studio.runs.update(studio.runs.store.getState().runs[0].id, (run) => ({ ...run, error: say`${'secret'} is gone.` }))
    const words = told()
    expect(words).toMatch(/^TabTune 9\.9\.9\nbrowser: Browser\/1\n/)
    expect(words).toContain('adapter: Fake adapter (development) (software)')
    for (const part of ['rows', 'archive', 'run']) expect(words).toMatch(new RegExp(`^error \\(${part}\\): …`, 'm'))
    expect(words).not.toContain('errors: none')
    expect(words).not.toContain('secret')
  })
})
