// Imported adapters: folders of PEFT or TabTune, and zips of them, become entries like those of runs.
import { createStore } from 'zustand/vanilla'
import { phraseOf } from '../config/errors'
import { type Phrase, joined } from '../config/phrase'
import { baseName } from '../storage/kept-copy'
import type { UnzippedFile } from '../storage/unzip'
import type { AdapterFiles, PickedFile } from '../worker/api'
import { type About, type EntryParts, createEnterAdapter } from './enter-adapter'

interface ImportsState {
  /** Names of adapters that wait for their base model. */
  waiting: string[]
  /** Name of the adapter that is being read. */
  reading?: string
  /** Ids of the entries that the last import made. */
  taken: string[]
  /** Adapters that were trained on other models, and that the person has to decide about. */
  questions: { name: string; words: Phrase }[]
  /** Why adapters could not be imported. */
  error?: Phrase
}

const kept = /\.(json|jsonl|safetensors|gguf|md)$/i

async function isZip({ path, file }: PickedFile): Promise<boolean> {
  if (!path.toLowerCase().endsWith('.zip')) return false
  const head = new Uint8Array(await file.slice(0, 2).arrayBuffer())
  return head[0] === 0x50 && head[1] === 0x4b
}

/** Returns the files in a zip; `all`: also those of unknown kinds. @throws FormatError if it cannot be read, Cancelled */
export type Unzip = (name: string, blob: Blob, all?: boolean, signal?: AbortSignal) => Promise<UnzippedFile[]>

async function unpacked(files: readonly PickedFile[], unzip: Unzip, onZip: (name: string) => void): Promise<PickedFile[]> {
  const out: PickedFile[] = []
  for (const picked of files) {
    if (!(await isZip(picked))) {
      out.push(picked)
      continue
    }
    const folder = picked.path.replace(/\.zip$/i, '')
    onZip(picked.path)
    for (const { path, content } of await unzip(picked.path, picked.file))
      out.push({ path: `${folder}/${path}`, file: new File([content], path.split('/').pop() ?? path) })
  }
  return out
}

/** The adapter's folder by its name; loose files have none. */
function nameOf(files: readonly PickedFile[]): string {
  const parts = (files[0]?.path ?? '').split('/')
  return parts[parts.length - 2] ?? ''
}

async function filesOf(picked: readonly PickedFile[]): Promise<AdapterFiles> {
  const wanted = picked.filter((f) => kept.test(f.path))
  return {
    files: await Promise.all(
      wanted.map(async ({ path, file }) => ({
        path: baseName(path),
        bytes: new Uint8Array(await file.arrayBuffer()),
      })),
    ),
  }
}

export function createImports({ unzip, ...parts }: EntryParts & { unzip: Unzip }) {
  const enterAdapter = createEnterAdapter(parts)
  const store = createStore<ImportsState>(() => ({ waiting: [], taken: [], questions: [] }))
  let waiting: PickedFile[][] = []
  let undecided: { name: string; adapter: AdapterFiles }[] = []

  function setWaiting(groups: PickedFile[][]): void {
    waiting = groups
    store.setState({ waiting: groups.map((g) => nameOf(g) || 'adapter') })
  }

  /** Adds an adapter as an entry beside the runs. Returns the reason if it does not fit the model. */
  async function enter(adapter: AdapterFiles, name: string, about: About): Promise<Phrase | undefined> {
    const { id, problem, question } = await enterAdapter(adapter, name, about)
    if (question) {
      undecided.push({ name, adapter })
      store.setState(({ questions }) => ({ questions: [...questions, { name, words: question }] }))
    }
    if (id !== undefined) store.setState((s) => ({ taken: about.status === 'imported' ? [...s.taken, id] : [id] }))
    return problem
  }

  return {
    store,
    enter,
    /** `files`, with each zip replaced by its contents. @throws FormatError if a zip cannot be read */
    async unpack(files: readonly PickedFile[]): Promise<PickedFile[]> {
      try {
        return await unpacked(files, unzip, (reading) => store.setState({ reading }))
      } finally {
        store.setState({ reading: undefined })
      }
    },
    /** Keeps an adapter's files until `take`. */
    stage(files: PickedFile[]): void {
      setWaiting([...waiting, files])
    },
    /** Imports the waiting adapters, if a model is loaded. `others`: why other dropped files are no adapters. */
    async take(others: readonly Phrase[] = []): Promise<void> {
      if (others.length) store.setState({ error: joined(others, ' ') })
      if (!parts.model.store.getState().report || waiting.length === 0) return
      const groups = waiting
      setWaiting([])
      undecided = []
      store.setState({ taken: [], questions: [], error: undefined })
      const problems: Phrase[] = [...others]
      for (const files of groups) {
        store.setState({ reading: nameOf(files) || 'adapter' })
        try {
          const problem = await enter(await filesOf(files), nameOf(files), { status: 'imported' })
          if (problem !== undefined) problems.push(problem)
        } catch (error) {
          problems.push(phraseOf(error))
        }
      }
      store.setState({ reading: undefined, error: problems.length > 0 ? joined(problems, ' ') : undefined })
    },
    /** The person wants the adapters in question on this model, or not. */
    async decide(agreed: boolean): Promise<void> {
      const decided = undecided
      undecided = []
      store.setState({ questions: [] })
      if (!agreed || !parts.model.store.getState().report) return
      for (const { name, adapter } of decided) {
        const problem = await enter(adapter, name, { status: 'imported', agreed: true })
        if (problem !== undefined) store.setState({ error: problem })
      }
    },
    /** The person has seen which adapters were imported. */
    dismissTaken(): void {
      store.setState({ taken: [] })
    },
    dismissError(): void {
      store.setState({ error: undefined })
    },
  }
}
export type ImportsSlice = ReturnType<typeof createImports>
