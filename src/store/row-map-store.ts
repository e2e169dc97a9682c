// The map of the workbench's rows: made from a sample by the loaded base. What is picked on it can be dropped, as a step of the recipe.
import { createStore } from 'zustand/vanilla'
import type { Phrase } from '../config/phrase'
import { usuallyMapped } from '../config/row-map'
import type { EngineApi } from '../worker/api'
import type { WorkbenchApi } from '../worker/workbench-api'
import type { DataSlice } from './data-store'
import type { ModelSlice } from './model-store'
import { type MadeMap, type MapColour, basisOf, rowAt } from './row-map'
import { type Tasks, toldOf } from './tasks'
import type { WorkbenchSlice } from './workbench-store'

interface RowMapState {
  /** How many rows the next map has, and the seed that chooses them. */
  count: number
  seed: number
  made?: MadeMap
  colour: MapColour
  /** Places of the points that are picked. */
  picked: ReadonlySet<number>
}

interface Parts {
  bench: Pick<WorkbenchApi, 'sample'>
  engine: Pick<EngineApi, 'rowMap'>
  workbench: Pick<WorkbenchSlice, 'store' | 'addPicked'>
  model: ModelSlice
  data: DataSlice
  tasks: Tasks
}

export function createRowMapStore({ bench, engine, workbench, model, data, tasks }: Parts) {
  const store = createStore<RowMapState>(() => ({ count: usuallyMapped, seed: 0, colour: { by: 'part' }, picked: new Set() }))

  // A map of files that are gone is gone too: others may have other columns.
  workbench.store.subscribe(({ files }, before) => {
    if (files.length === 0 && before.files.length > 0) store.setState({ made: undefined, picked: new Set(), colour: { by: 'part' } })
  })

  /** Places a sample of the rows. Returns the reason if it fails. */
  async function make(onProgress: Parameters<EngineApi['rowMap']>[3]): Promise<Phrase | undefined> {
    const { count, seed } = store.getState()
    const { options, maxLength } = data.store.getState()
    const name = model.store.getState().report?.name ?? ''
    const basis = basisOf(workbench.store.getState())
    const sample = await bench.sample(count, seed)
    if (!sample.ok) return sample.error.phrase
    const { file, ...table } = sample.value
    const rows = { path: 'rows.jsonl', file: new File([file], 'rows.jsonl') }
    const asked = { ...options, format: 'auto', columns: undefined, read: undefined } as const
    const points = await engine.rowMap(rows, asked, maxLength, onProgress)
    if (!points.ok) return toldOf(points.error)
    store.setState({ made: { sample: table, points: points.value, model: name, basis }, picked: new Set() })
    return undefined
  }

  return {
    store,
    choose(wanted: Partial<Pick<RowMapState, 'count' | 'seed' | 'colour'>>): void {
      store.setState(wanted)
    },
    make: (): Promise<void> => tasks.run({ kind: 'mapping' }, make),
    /** Picks points instead of those before, or as well. */
    pick(places: readonly number[], add = false): void {
      store.setState(({ picked }) => ({ picked: new Set([...(add ? picked : []), ...places]) }))
    },
    toggle(place: number): void {
      store.setState(({ picked }) => ({
        picked: picked.has(place) ? new Set([...picked].filter((p) => p !== place)) : new Set([...picked, place]),
      }))
    },
    /** Takes the picked rows out of the dataset: they become a step of the recipe. */
    drop(): void {
      const { made, picked } = store.getState()
      if (!made || picked.size === 0) return
      workbench.addPicked([...picked].map((place) => rowAt(made, place).key))
      store.setState({ picked: new Set() })
    },
  }
}
