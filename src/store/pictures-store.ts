// The set of pictures that is open: its classes, what a person changes in them, and what is found by looking at every picture.
import { type StoreApi, createStore } from 'zustand/vanilla'
import { TabTuneError, phraseOf } from '../config/errors'
import { type Bundle, type BundledPicture, isBundle, openBundle, setOfBundle } from '../pictures/bundle'
import { type Jobs, jobFileOf } from '../pictures/jobs'
import { isPicturePath } from '../pictures/picture-set'
import { chosen } from '../pictures/report'
import type { PictureFacts, Survey } from '../pictures/survey'
import type { PickedFile } from '../worker/api'
import { type DoJob, eachAtOnce } from '../worker/picture-pool'
import type { CopiesSlice } from './copies-store'
import type { DataSlice } from './data-store'
import type { Loading } from './loading'
import { looseError, pickedBundle } from './picture-files'
import { type PicturesState, toggled, added, byClass, moved, noPictures, withClass, without, withoutEmpty } from './pictures-state'
import type { RunsSlice } from './runs-store'

interface Parts {
  data: DataSlice
  loading: Loading
  copies: CopiesSlice
  runs: RunsSlice
  run: DoJob
}

type Found = PictureFacts | Survey['broken'][number]['problem']
export type Thumbnail = Jobs['thumbnail']['out']

/** The longer side of a thumbnail in pixels, enough for sharp screens. */
const thumbnailSide = 144
/** Thumbnails that are kept: at most 40 MB. */
const mostThumbnails = 500
/** Milliseconds between two reports of progress. */
const tellMs = 150

const keyOf = ({ path, sizeBytes }: BundledPicture): string => `${sizeBytes} ${path}`
const isFacts = (found: Found | undefined): found is PictureFacts => found !== undefined && 'hash' in found

/** What pictures look like, for the set with this id. */
function createLooks(run: DoJob) {
  const facts = new Map<string, Found>()
  const thumbnails = new Map<string, Promise<Thumbnail>>()

  return {
    clear(): void {
      facts.clear()
      thumbnails.clear()
    },
    /** Looks at every picture of the set that was not looked at before. @throws Cancelled */
    async lookAt(bundle: Bundle, signal: AbortSignal, onProgress: (done: number) => void): Promise<void> {
      const missing = bundle.pictures.filter((one) => !facts.has(keyOf(one)))
      let [done, told] = [bundle.pictures.length - missing.length, 0]
      await eachAtOnce(missing.length, async (at) => {
        signal.throwIfAborted()
        const one = missing[at]
        const found = await run('facts', jobFileOf(bundle, one), { signal }).catch((error: unknown): Found => {
          if (!(error instanceof TabTuneError) || error.kind === 'Cancelled') throw error
          return error.phrase
        })
        // Another set may be open by now, with pictures of the same paths.
        signal.throwIfAborted()
        facts.set(keyOf(one), found)
        done++
        if (performance.now() - told < tellMs) return
        told = performance.now()
        onProgress(done)
      })
    },
    /** What was found. */
    survey({ pictures }: Bundle): Survey {
      const found: Survey = { pictures: [], broken: [] }
      for (const [entry, one] of pictures.entries()) {
        const about = facts.get(keyOf(one))
        if (isFacts(about)) found.pictures.push({ entry, ...about })
        else if (about) found.broken.push({ entry, where: one.path, problem: about })
      }
      return found
    },
    /** A small picture, before those that wait. @throws FormatError for a broken one, Cancelled */
    thumbnail(bundle: Bundle, one: BundledPicture, signal?: AbortSignal): Promise<Thumbnail> {
      const key = keyOf(one)
      const made = thumbnails.get(key) ?? run('thumbnail', { ...jobFileOf(bundle, one), side: thumbnailSide }, { signal, first: true })
      // The last used is the last in the map.
      thumbnails.delete(key)
      thumbnails.set(key, made)
      made.catch(() => thumbnails.delete(key))
      if (thumbnails.size > mostThumbnails) thumbnails.delete(thumbnails.keys().next().value!)
      return made
    },
  }
}

type Looks = ReturnType<typeof createLooks>
type Store = StoreApi<PicturesState>

/** Looks at all pictures of the open set, and says what was found with the split as it is chosen. */
function createLooking(store: Store, looks: Looks, { data, run }: Pick<Parts, 'data' | 'run'>) {
  let controller = new AbortController()

  async function tell(bundle: Bundle, { signal }: AbortController = controller): Promise<void> {
    const survey = looks.survey(bundle)
    const { holdOut, shots, seed } = data.store.getState().options
    const { pictures, zip: _, name, ...about } = bundle
    const entries = pictures.map(({ path, sizeBytes, label, part }) => ({ path, sizeBytes, label, ...(part && { part }) }))
    const broken = new Set(survey.broken.map(({ entry }) => entry))
    const split = chosen(setOfBundle(bundle), broken, { holdOut, seed, ...(shots && { shots }) })
    const report = await run('report', { name, set: { ...about, entries }, survey, chosen: split }, { first: true, signal })
    if (!signal.aborted) store.setState({ report })
  }

  function begin(): AbortController {
    controller.abort()
    return (controller = new AbortController())
  }

  return {
    tell,
    begin,
    async look(bundle: Bundle): Promise<void> {
      const mine = begin()
      const all = bundle.pictures.length
      store.setState({ looking: { done: 0, all }, stopped: false })
      try {
        await looks.lookAt(bundle, mine.signal, (done) => {
          if (!mine.signal.aborted) store.setState({ looking: { done, all } })
        })
        await tell(bundle, mine)
      } catch (error) {
        if (!mine.signal.aborted) store.setState({ error: phraseOf(error) })
      }
      if (!mine.signal.aborted) store.setState({ looking: undefined })
    },
  }
}

/** What a person changes in the open set. Each change makes another set, which takes the place of the one before. */
function createEdits(
  store: Store,
  { loading, copies, runs }: Pick<Parts, 'loading' | 'copies' | 'runs'>,
  made: (picked: PickedFile, bundle: Bundle) => void,
) {
  /** A copy of the set before is kept only if a run needs it. */
  async function edit(to: (bundle: Bundle) => Bundle): Promise<void> {
    const { bundle } = store.getState()
    const next = bundle && to(bundle)
    if (!next || next === bundle) return
    const { keptId } = copies.data.store.getState()
    const picked = pickedBundle(next)
    made(picked, next)
    await loading.openData(picked)
    const used = runs.store.getState().runs.some((one) => one.data.keptId === keptId)
    if (keptId !== undefined && !used) await copies.remove(keptId)
  }

  return {
    move: (paths: readonly string[], label: number): Promise<void> => edit((bundle) => moved(bundle, new Set(paths), label)),
    remove: (paths: readonly string[]): Promise<void> => edit((bundle) => without(bundle, new Set(paths))),
    add(files: readonly PickedFile[], label: number): Promise<void> {
      const pictures = files.filter(({ path }) => isPicturePath(path))
      return edit((bundle) => (pictures.length ? added(bundle, pictures, label) : bundle))
    },
    addClass: (name: string): Promise<void> => edit((bundle) => withClass(bundle, name.trim())),
    removeEmpty: (): Promise<void> => edit(withoutEmpty),
  }
}

export function createPicturesStore(parts: Parts) {
  const { data } = parts
  const store = createStore<PicturesState>(noPictures)
  const looks = createLooks(parts.run)
  const looking = createLooking(store, looks, parts)
  let byPath: ReadonlyMap<string, BundledPicture> = new Map()
  /** The last set that was made here, so that its list is not read again. */
  let made: { picked: PickedFile; bundle: Bundle } | undefined

  async function taken(picked: PickedFile | undefined): Promise<void> {
    const file = picked?.file
    const read = async (): Promise<Bundle | undefined> => (file && (await isBundle(file)) ? openBundle(file) : undefined)
    const bundle = made?.picked === picked ? made?.bundle : await read()
    if (data.store.getState().file !== picked) return
    const before = store.getState()
    const edited = bundle !== undefined && before.bundle?.id === bundle.id
    if (!edited) looks.clear()
    if (!bundle) {
      looking.begin()
      if (before.bundle) store.setState(noPictures(), true)
      return
    }
    byPath = new Map(bundle.pictures.map((one) => [one.path, one]))
    store.setState(
      { ...noPictures(), bundle, byClass: byClass(bundle), report: edited ? before.report : undefined, stopped: before.stopped && edited },
      true,
    )
    if (!store.getState().stopped) await looking.look(bundle)
  }

  let file: PickedFile | undefined
  let split = ''
  data.store.subscribe((now) => {
    if (now.file !== file) {
      file = now.file
      void taken(file).catch((error: unknown) => store.setState({ error: phraseOf(error) }))
    }
    const { holdOut, shots, seed } = now.options
    const wanted = JSON.stringify([holdOut, shots, seed])
    if (wanted === split) return
    split = wanted
    const { bundle, report, looking: busy } = store.getState()
    if (bundle && report && !busy) void looking.tell(bundle).catch(() => undefined)
  })

  return {
    store,
    ...createEdits(store, parts, (picked, bundle) => (made = { picked, bundle })),
    /** A picture of the open set, small. @throws FormatError for a broken one, Cancelled */
    thumbnail(path: string, signal?: AbortSignal): Promise<Thumbnail> | undefined {
      const { bundle } = store.getState()
      const one = byPath.get(path)
      return bundle && one && looks.thumbnail(bundle, one, signal)
    },
    toggle: (path: string): void => store.setState(({ selected }) => ({ selected: toggled(selected, path) })),
    select: (paths: readonly string[]): void => store.setState({ selected: new Set(paths) }),
    /** Pictures in no folder: a person chooses the class. @throws FormatError where no set is open */
    offer(files: readonly PickedFile[]): void {
      if (!store.getState().bundle) throw looseError(files)
      store.setState({ offered: files })
    },
    decline: (): void => store.setState({ offered: [] }),
    /** Ends the looking. What was found so far is told. */
    async stop(): Promise<void> {
      const { bundle } = store.getState()
      const mine = looking.begin()
      store.setState({ looking: undefined, stopped: true })
      if (bundle) await looking.tell(bundle, mine)
    },
    async lookAgain(): Promise<void> {
      const { bundle } = store.getState()
      if (bundle) await looking.look(bundle)
    },
    dismissError: (): void => store.setState({ error: undefined }),
  }
}
export type PicturesSlice = ReturnType<typeof createPicturesStore>
