// The whole library as one file, out and in again: copies of models and data, runs with their curves, and adapters. Files are read and written
// piece by piece, and everything is compared with its checksum on the way.
import { createStore } from 'zustand/vanilla'
import { Cancelled, FormatError, TabTuneError, phraseOf } from '../config/errors'
import { bytesText } from '../config/bytes'
import { type Phrase, asWritten, joined, say } from '../config/phrase'
import { type KeptFile, baseName, checkedPieces } from '../storage/kept-copy'
import type { Kept } from '../storage/kept-found'
import {
  type LibraryList,
  type ListedCopy,
  archiveDamaged,
  copyPath,
  libraryFolder,
  libraryList,
  libraryVersion,
  mostArchiveBytes,
  parseLibraryList,
  runPath,
} from '../storage/library-zip'
import { fromPlainJson, plainJson } from '../storage/plain-json'
import { type AdapterKind, adapterKinds } from '../storage/run-store'
import { zipStream } from '../storage/zip'
import { mostZipEntries } from '../storage/zip-directory'
import type { AdapterFiles } from '../worker/api'
import type { CopiesSlice } from './copies-store'
import type { Unzip } from './imports'
import type { Keeping } from './keeping'
import { parseKeptRun } from './kept-run'
import { type Run, isOver, sizesOf } from './run'
import type { RunsSlice } from './runs-store'
import { snapshot } from './series'

/** How many of each were written, or taken in. */
interface Counts {
  models: number
  data: number
  runs: number
}

interface ArchiveState {
  doing?: 'writing' | 'reading'
  fraction?: number
  /** What the last archive gave. `there`: how many things of it were in the library before. */
  done?: { way: 'written' | 'read'; counts: Counts; there: number; problems: readonly Phrase[] }
  error?: Phrase
}

interface Parts {
  copies: CopiesSlice
  runs: RunsSlice
  keeping: Keeping
  unzip: Unzip
}

interface Entry {
  path: string
  sizeBytes: number
  chunks(): AsyncIterable<Uint8Array<ArrayBuffer>>
}

/** A file of the archive. The browser can move its bytes to disk until they are written. */
function entryOf(path: string, part: BlobPart): Entry {
  const file = new File([part], baseName(path))
  return { path, sizeBytes: file.size, chunks: () => checkedPieces({ path, file }) }
}

const listed = ({ kind, name, fingerprint, lineage, files }: Kept): ListedCopy =>
  kind === 'model' ? { kind, name, fingerprint, lineage, files } : { kind, name, fingerprint, files }

type Adapters = Partial<Record<AdapterKind, AdapterFiles>>

/** The files that the record of a run says its adapter has; undefined if it says that there is no such adapter. */
const filesIn = (run: Run, kind: AdapterKind): Run['files'] => (kind === 'last' ? run.files : run.best?.files)

/** The record of a run, with the adapters that there are and no others. */
const claiming = (run: Run, { last, best }: Adapters): Run => ({
  ...run,
  files: last && sizesOf(last),
  best: best && run.best && { ...run.best, files: sizesOf(best) },
})

/** The library as the files of an archive. What cannot be read is left out, and named in `problems`. */
function createContent({ copies, runs, keeping }: Parts) {
  /** The adapters of a run that can be read. */
  async function adaptersOf(run: Run, problems: Phrase[]): Promise<Adapters> {
    const out: Adapters = {}
    for (const kind of adapterKinds) {
      if (!filesIn(run, kind)) continue
      try {
        const { files, problems: damaged } = await keeping.adapter(run.id, kind)
        if (damaged.length > 0) throw new FormatError(joined(damaged, ' '))
        out[kind] = { files }
      } catch (error) {
        const reason = phraseOf(error)
        problems.push(
          kind === 'last'
            ? say`${run.name}: its adapter is not in the archive, but its curves and notes are. ${reason}`
            : say`${run.name}: the adapter of its best evaluation is not in the archive. ${reason}`,
        )
      }
    }
    return out
  }

  /** What an archive cannot have: copies and runs that cannot be read, and runs that have not ended. */
  function unwritten(): Phrase[] {
    const { runs: all, problems } = runs.store.getState()
    return [
      ...copies.store.getState().problems.map(({ reason }) => reason),
      ...problems.map(({ reason }) => reason),
      ...all.filter((run) => !isOver(run)).map(({ name }) => say`${name}: the run has not ended, so it is not in the archive.`),
    ]
  }

  /** The copies that can be read, with their files. */
  async function ofCopies(all: readonly Kept[], problems: Phrase[]): Promise<{ copy: Kept; files: readonly KeptFile[] }[]> {
    const found = []
    for (const copy of all)
      try {
        found.push({ copy, files: await copies.files(copy.id) })
      } catch (error) {
        problems.push(phraseOf(error))
      }
    return found
  }

  return async (withModels: boolean, signal: AbortSignal) => {
    await copies.load()
    const problems = unwritten()
    const all = copies.store.getState().kept.filter(({ kind }) => withModels || kind === 'data')
    const taken = await ofCopies(all, problems)
    const entries = taken.flatMap(({ files }, at) =>
      files.map((file, i): Entry => ({ path: copyPath(at, i), sizeBytes: file.file.size, chunks: () => checkedPieces(file, signal) })),
    )
    const list: LibraryList = {
      format: 'tabtune-library',
      version: libraryVersion,
      copies: taken.map(({ copy }) => listed(copy)),
      runs: [],
    }
    for (const run of runs.store.getState().runs.filter(isOver)) {
      if (signal.aborted) throw new Cancelled()
      const at = list.runs.length
      const adapters = await adaptersOf(run, problems)
      list.runs.push({ id: run.id })
      // What a run could be resumed from is not in the archive, so its record must not say that there is something.
      if (run.snapshot) problems.push(say`${run.name}: what it could be resumed from is not in the archive.`)
      const kept = { ...claiming(run, adapters), snapshot: undefined }
      entries.push(entryOf(runPath(at, 'run.json'), plainJson({ run: kept, series: snapshot(runs.seriesOf(run.id)) })))
      for (const kind of adapterKinds)
        for (const { path, bytes } of adapters[kind]?.files ?? []) entries.push(entryOf(runPath(at, `${kind}/${path}`), bytes))
    }
    entries.unshift(entryOf(libraryList, JSON.stringify(list)))
    return { entries, list, problems }
  }
}

/** The bytes of an archive's files. @throws FormatError if they are more than an archive holds */
function bytesIn(entries: readonly Entry[]): number {
  const all = entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  if (all > mostArchiveBytes)
    throw new FormatError(
      say`library: expected at most ${bytesText(mostArchiveBytes)}, which is what a zip holds, got ${bytesText(all)}. Leave the models out, or delete what you no longer need.`,
    )
  if (entries.length > mostZipEntries)
    throw new FormatError(
      say`library: expected at most ${mostZipEntries} files, which is what can be taken in again, got ${entries.length}. Delete runs or data that you no longer need.`,
    )
  return all
}

const countsOf = ({ copies, runs }: LibraryList): Counts => ({
  models: copies.filter(({ kind }) => kind === 'model').length,
  data: copies.filter(({ kind }) => kind === 'data').length,
  runs: runs.length,
})

async function bytesOf(blob: Blob): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await blob.arrayBuffer())
}

/** The files of an archive by their paths in its folder. @throws FormatError */
async function opened(
  unzip: Unzip,
  file: File,
  signal: AbortSignal,
): Promise<{ list: LibraryList; at(path: string): Blob; under(path: string): [string, Blob][] }> {
  const prefix = `${libraryFolder}/`
  const inside = (await unzip(file.name, file, true, signal)).filter(({ path }) => path.startsWith(prefix))
  if (signal.aborted) throw new Cancelled()
  const contents = new Map(inside.map(({ path, content }) => [path.slice(prefix.length), content]))
  const list = parseLibraryList(file.name, await contents.get(libraryList)?.text())
  return {
    list,
    at(path) {
      const found = contents.get(path)
      if (!found)
        throw new FormatError(say`${file.name}: expected ${path}, which its list names, got no such file. Write the archive again.`)
      return found
    },
    under: (path) => [...contents].filter(([each]) => each.startsWith(path)),
  }
}
type Opened = Awaited<ReturnType<typeof opened>>

/** Takes one thing after another in. What is in the library already stays as it is. */
function createTaking({ copies, runs }: Parts) {
  async function copy(archive: Opened, at: number, signal: AbortSignal, onProgress: (fraction: number) => void): Promise<boolean> {
    const one = archive.list.copies[at]
    if (copies.store.getState().kept.some(({ kind, fingerprint }) => kind === one.kind && fingerprint === one.fingerprint)) return false
    const files = one.files.map(({ path, sizeBytes, sums }, i): KeptFile => {
      const blob = archive.at(copyPath(at, i))
      if (blob.size !== sizeBytes) throw archiveDamaged(path)
      return { path, file: new File([blob], baseName(path)), sums }
    })
    const { name } = one
    const what =
      one.kind === 'model' ? { kind: one.kind, name, fingerprint: one.fingerprint, lineage: one.lineage } : { kind: one.kind, name }
    await copies.takeIn(what, files, { signal, onProgress })
    return true
  }

  /** The adapter that the record of a run names; undefined if a file of it is not there as it was. */
  async function adapterIn(
    archive: Opened,
    at: number,
    run: Run,
    kind: AdapterKind,
    problems: Phrase[],
  ): Promise<AdapterFiles | undefined> {
    const listed = filesIn(run, kind)
    if (!listed?.length) return undefined
    const folder = runPath(at, `${kind}/`)
    const found = new Map(archive.under(folder).map(([path, blob]) => [path.slice(folder.length), blob]))
    const missing = listed.filter(({ path, bytes }) => found.get(path)?.size !== bytes)
    if (missing.length > 0) {
      const paths = joined(
        missing.map(({ path }) => asWritten(path)),
        ', ',
      )
      problems.push(
        kind === 'last'
          ? say`${run.name}: expected all files of its adapter, got none or others for ${paths}. The run was taken in without it. Write the archive again.`
          : say`${run.name}: expected all files of the adapter of its best evaluation, got none or others for ${paths}. The run was taken in without it. Write the archive again.`,
      )
      return undefined
    }
    return { files: await Promise.all(listed.map(async ({ path }) => ({ path, bytes: await bytesOf(found.get(path)!) }))) }
  }

  async function run(archive: Opened, at: number, problems: Phrase[]): Promise<boolean> {
    const { id } = archive.list.runs[at]
    if (runs.find(id)) return false
    const path = runPath(at, 'run.json')
    let record: unknown
    try {
      record = fromPlainJson(await archive.at(path).text())
    } catch (error) {
      if (error instanceof TabTuneError) throw error
      throw archiveDamaged(path)
    }
    const kept = parseKeptRun(id, record)
    const adapters: Adapters = {}
    for (const kind of adapterKinds) adapters[kind] = await adapterIn(archive, at, kept.run, kind, problems)
    await runs.takeIn({ ...kept, run: claiming(kept.run, adapters) }, adapters)
    return true
  }

  return { copy, run }
}

export function createLibraryArchive(parts: Parts) {
  const store = createStore<ArchiveState>(() => ({}))
  const content = createContent(parts)
  const taking = createTaking(parts)
  let stopped = new AbortController()

  /** Does one thing at a time; its reason is shown if it fails, and nothing is if the person stops it. */
  async function doing<T>(what: NonNullable<ArchiveState['doing']>, work: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
    if (store.getState().doing) return undefined
    stopped = new AbortController()
    store.setState({ doing: what, fraction: 0, done: undefined, error: undefined })
    try {
      return await work(stopped.signal)
    } catch (error) {
      if (!(error instanceof Cancelled)) store.setState({ error: phraseOf(error) })
      return undefined
    } finally {
      store.setState({ doing: undefined, fraction: undefined })
    }
  }

  async function written(withModels: boolean, signal: AbortSignal): Promise<Blob> {
    const { entries, list, problems } = await content(withModels, signal)
    const all = bytesIn(entries)
    const pieces: Blob[] = []
    let done = 0
    for await (const piece of zipStream(libraryFolder, entries)) {
      if (signal.aborted) throw new Cancelled()
      // A Blob, so that the browser can move it to disk.
      pieces.push(new Blob([piece]))
      store.setState({ fraction: Math.min(1, (done += piece.byteLength) / Math.max(1, all)) })
    }
    store.setState({ done: { way: 'written', counts: countsOf(list), there: 0, problems } })
    return new Blob(pieces, { type: 'application/zip' })
  }

  async function read(file: File, signal: AbortSignal): Promise<void> {
    await parts.copies.load()
    const archive = await opened(parts.unzip, file, signal)
    const { list } = archive
    const counts: Counts = { models: 0, data: 0, runs: 0 }
    const all = list.copies.length + list.runs.length
    let there = 0
    let at = 0
    const problems: Phrase[] = []
    /** Names what cannot be taken in, and takes in the rest. */
    const take = async (count: keyof Counts, work: (onProgress: (fraction: number) => void) => Promise<boolean>): Promise<void> => {
      if (signal.aborted) throw new Cancelled()
      try {
        if (await work((fraction) => store.setState({ fraction: (at + fraction) / all }))) counts[count]++
        else there++
      } catch (error) {
        if (error instanceof Cancelled) throw error
        problems.push(phraseOf(error))
      }
      store.setState({ fraction: ++at / all })
    }
    try {
      for (const [i, { kind }] of list.copies.entries())
        await take(kind === 'model' ? 'models' : 'data', (onProgress) => taking.copy(archive, i, signal, onProgress))
      for (const i of list.runs.keys()) await take('runs', () => taking.run(archive, i, problems))
    } finally {
      store.setState({ done: { way: 'read', counts, there, problems } })
    }
  }

  return {
    store,
    /** The archive; undefined if it was not finished. */
    write: (withModels: boolean): Promise<Blob | undefined> => doing('writing', (signal) => written(withModels, signal)),
    /** Takes in everything of an archive that is not in the library. */
    read: (file: File): Promise<void> => doing('reading', (signal) => read(file, signal)),
    stop: (): void => stopped.abort(),
    dismiss: (): void => store.setState({ error: undefined, done: undefined }),
  }
}
