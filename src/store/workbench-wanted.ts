// Files that the workbench had before the page was closed. Its rows are read when all of them are there again; a file that this browser
// could not keep is asked for, and one with other bytes than before is used only if the person says so.
import type { StoreApi } from 'zustand/vanilla'
import { phraseOf } from '../config/errors'
import { type Part, emptyRecipe } from '../config/recipe'
import { baseName, fileFingerprint } from '../storage/kept-copy'
import type { PickedFile } from '../worker/api'
import { historyOf } from './history'
import type { BenchFileAbout, KeptWorkbench } from './kept-workbench'
import type { BenchFile, WantedFile, WorkbenchState } from './workbench-state'

/** Whether the file has the bytes that it had. Of a file that was never read whole, its size decides. */
async function isSame({ fingerprint, sizeBytes }: BenchFileAbout, { path, file }: PickedFile): Promise<boolean> {
  if (file.size !== sizeBytes) return false
  return fingerprint === undefined || (await fileFingerprint(path, file)) === fingerprint
}

const newWanted = (picked: PickedFile, part: Part): WantedFile => ({
  id: crypto.randomUUID(),
  about: { name: picked.file.name, sizeBytes: picked.file.size, part },
  picked,
})

export function createWanted(store: StoreApi<WorkbenchState>, refresh: () => Promise<void>) {
  const wantedNow = (): readonly WantedFile[] => store.getState().wanted ?? []
  function setWanted(id: string, change: Partial<WantedFile>): void {
    store.setState({ wanted: wantedNow().map((file) => (file.id === id ? { ...file, ...change } : file)) })
  }

  /** Reads the files if all are there. If that fails or is cancelled, they are asked for again. */
  async function settle(): Promise<void> {
    const wanted = wantedNow()
    if (!wanted.every(({ picked }) => picked)) return
    const files = wanted.flatMap(({ id, about: { part, how }, picked }): BenchFile[] => (picked ? [{ id, picked, part, how }] : []))
    store.setState({ wanted: undefined, files })
    await refresh()
    if (files.length > 0 && store.getState().files.length === 0) store.setState({ wanted })
  }

  async function choose(id: string, picked: PickedFile): Promise<void> {
    const file = wantedNow().find((each) => each.id === id)
    if (!file) return
    try {
      setWanted(id, (await isSame(file.about, picked)) ? { picked, changed: undefined } : { picked: undefined, changed: picked })
      await settle()
    } catch (error) {
      store.setState({ error: phraseOf(error) })
    }
  }

  return {
    /** The workbench as it was, with the files that are there already; then those that were opened meanwhile. */
    async bringBack({ recipe, isSaved }: KeptWorkbench, before: readonly WantedFile[]): Promise<void> {
      const wanted = [...before, ...store.getState().files.map(({ picked, part }) => newWanted(picked, part))]
      store.setState({ recipe: historyOf(recipe), saved: isSaved ? recipe : emptyRecipe, keptRecipe: recipe, wanted })
      await settle()
    },
    /** Takes a file for the one that is wanted. */
    choose,
    /** Takes files by their names; others are added. */
    async take(picked: readonly PickedFile[], part: Part): Promise<void> {
      const asked = wantedNow().filter(({ picked: there }) => !there)
      const pairs = picked.map((one) => {
        const at = asked.findIndex(({ about }) => about.name === baseName(one.path))
        return { one, id: at < 0 ? undefined : asked.splice(at, 1)[0].id }
      })
      // The files are read as soon as the last one that was asked for is there, so the others come first.
      const others = pairs.filter(({ id }) => id === undefined).map(({ one }) => newWanted(one, part))
      store.setState({ wanted: [...wantedNow(), ...others] })
      for (const { one, id } of pairs) if (id !== undefined) await choose(id, one)
    },
    /** Takes the file although its bytes are others. */
    async takeChanged(id: string): Promise<void> {
      const changed = wantedNow().find((file) => file.id === id)?.changed
      if (changed) setWanted(id, { picked: changed, changed: undefined })
      await settle()
    },
    async leaveOut(id: string): Promise<void> {
      const rest = wantedNow().filter((file) => file.id !== id)
      store.setState({ wanted: rest })
      await settle()
    },
    /** Reads the files again after that failed or was cancelled. */
    settle,
    /** Begins with an empty workbench. */
    startAfresh(): void {
      store.setState({ wanted: undefined, recipe: historyOf(emptyRecipe), saved: emptyRecipe, error: undefined })
    },
  }
}
