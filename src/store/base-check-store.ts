// Whether the base on the GPU is still the one that was uploaded: checked when a person asks.
import { createStore } from 'zustand/vanilla'
import type { BaseCheck } from '../config/base-check'
import type { EngineApi } from '../worker/api'
import type { ModelSlice } from './model-store'
import { isActive } from './run'
import type { RunsSlice } from './runs-store'
import { type Tasks, toldOf } from './tasks'

interface BaseCheckState {
  check?: BaseCheck
  /** When the check ended. */
  at?: number
  /** A run has trained since. */
  trainedSince: boolean
}

const unchecked: BaseCheckState = { check: undefined, at: undefined, trainedSince: false }

interface Parts {
  engine: EngineApi
  tasks: Tasks
  runs: RunsSlice
  model: ModelSlice
}

export function createBaseCheck({ engine, tasks, runs, model }: Parts) {
  const store = createStore<BaseCheckState>(() => unchecked)
  runs.store.subscribe(({ runs: all }) => {
    const { check, trainedSince } = store.getState()
    if (check && !trainedSince && all.some(isActive)) store.setState({ trainedSince: true })
  })
  const modelId = () => model.store.getState().report?.id
  model.store.subscribe(({ report }, before) => {
    if (report?.id !== before.report?.id) store.setState(unchecked)
  })
  return {
    store,
    /** Reads the weights back and compares them. Does nothing during another task. */
    start: (): Promise<void> =>
      tasks.run({ kind: 'checking' }, async (onProgress) => {
        const asked = modelId()
        onProgress({ phase: 'checking', fraction: 0 })
        store.setState(unchecked)
        const result = await engine.checkBase(onProgress)
        if (result.ok && asked === modelId()) store.setState({ check: result.value, at: Date.now(), trainedSince: false })
        return result.ok ? undefined : toldOf(result.error)
      }),
  }
}
