// Estimates the memory and steps of the run that is being set up, soon after each change. If it does not fit, finds what would make it fit.
import type { StoreApi } from 'zustand/vanilla'
import type { RunConfig } from '../config/run-config'
import type { EngineApi } from '../worker/api'
import { type SetupState, chosenConfig } from './setup-state'

const delayMs = 150

/** `ready`: model and data are there. Several changes in a row give one estimate. */
export function createEstimating(engine: EngineApi, store: StoreApi<SetupState>, ready: () => boolean): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let current = 0

  async function findWays(config: RunConfig, ticket: number): Promise<void> {
    const found = await engine.waysToFit(config)
    if (ticket === current) store.setState({ ways: found.ok ? found.value : [] })
  }

  async function estimateNow(): Promise<void> {
    const ticket = ++current
    const config = chosenConfig(store.getState())
    const nothing = { memory: undefined, ways: undefined, error: undefined, errorSettings: undefined }
    if (!config || !ready()) return store.setState({ ...nothing, estimating: false })
    store.setState({ estimating: true })
    const result = await engine.estimate(config)
    if (ticket !== current) return
    if (result.ok) {
      const { problem, roomBytes } = result.value
      store.setState({ ...nothing, memory: result.value, estimating: false })
      if (problem !== undefined && roomBytes !== undefined) await findWays(config, ticket)
    } else store.setState({ ...nothing, estimating: false, error: result.error.phrase, errorSettings: result.error.settings })
  }

  return () => {
    clearTimeout(timer)
    // What is found for the former settings no longer counts.
    current++
    store.setState({ estimating: true })
    timer = setTimeout(() => void estimateNow(), delayMs)
  }
}
