// The copies of the workbench's files in this browser.
import type { CopiesSlice } from './copies-store'
import type { CopyPlace } from './copy-place'
import type { BenchFileAbout } from './kept-workbench'
import type { BenchFile, WantedFile } from './workbench-state'

export function createBenchCopies(copies: CopiesSlice) {
  const places = new Map<string, CopyPlace>()
  /** Files that were opened from their copies, while their bytes are not read again. */
  const before = new Map<string, BenchFileAbout>()

  function newPlace({ id, picked }: BenchFile, changed: () => void): void {
    const place = copies.newPlace()
    places.set(id, place)
    place.store.subscribe((now, then) => {
      if (now.fingerprint !== then.fingerprint || now.keptId !== then.keptId) changed()
    })
    void copies.load().then(async () => {
      if (places.has(id)) await place.take({ kind: 'data', name: picked.file.name, files: [picked] })
    })
  }

  async function opened(about: BenchFileAbout): Promise<WantedFile> {
    const id = crypto.randomUUID()
    const copy = about.fingerprint === undefined ? undefined : await copies.find({ keptId: about.keptId, fingerprint: about.fingerprint })
    const found = copy && (await copies.open(copy.id))
    if (!found) return { id, about }
    before.set(id, about)
    return { id, about, picked: { path: about.name, file: new File([found[0].file], about.name) } }
  }

  return {
    placeOf: (id: string): CopyPlace | undefined => places.get(id),
    aboutOf({ id, picked: { file }, part, how }: BenchFile): BenchFileAbout {
      const now = places.get(id)?.store.getState()
      const { fingerprint, keptId } = now?.fingerprint === undefined ? (before.get(id) ?? {}) : now
      return { name: file.name, sizeBytes: file.size, part, how, fingerprint, keptId }
    },
    /** Copies files that are new, once they were read, and leaves those that were removed. `changed`: a fingerprint or a copy is known. */
    take(files: readonly BenchFile[], changed: () => void): void {
      if (!copies.store.getState().available) return
      for (const file of files) if (file.report && !places.has(file.id)) newPlace(file, changed)
      for (const [id, place] of places) {
        if (files.some((file) => file.id === id)) continue
        places.delete(id)
        void place.take(undefined)
        copies.leave(place)
      }
    },
    /** Opens files from their copies. Those that have none are asked for. */
    open: (files: readonly BenchFileAbout[]): Promise<WantedFile[]> => Promise.all(files.map(opened)),
  }
}
