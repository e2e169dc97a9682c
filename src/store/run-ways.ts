// The changes that would make a run fit whose memory the device refused when it started.
import { createStore } from 'zustand/vanilla'
import type { EngineApi, WayToFit } from '../worker/api'
import type { Loading } from './loading'
import type { Run } from './run'
import type { SetupSlice } from './setup-store'

interface Parts {
  engine: EngineApi
  setup: SetupSlice
  loading: Loading
}

/** Whether a run ended because its memory was refused. */
export const memoryRefused = ({ status, errorSettings }: Run): boolean =>
  status === 'failed' && errorSettings?.includes('memoryBudget') === true

export function createRunWays({ engine, setup, loading }: Parts) {
  const store = createStore<{ runId?: string; ways?: readonly WayToFit[] }>(() => ({}))
  return {
    store,
    /** Finds what would make the run fit. Its model and data must still be loaded. */
    async find({ id, config }: Run): Promise<void> {
      store.setState({ runId: id, ways: undefined })
      const found = await engine.waysToFit(config, true)
      if (store.getState().runId === id) store.setState({ ways: found.ok ? found.value : [] })
    },
    /** Sets up the run again with a change that makes it fit. */
    async take({ config }: Run, way: WayToFit): Promise<void> {
      setup.take(config)
      await loading.takeWay(way)
    },
  }
}
