// What each chosen method will take, before a comparison starts: the exact memory plan, where the base is already held as the method wants it.
import { createStore } from 'zustand/vanilla'
import type { Phrase } from '../config/phrase'
import type { RunConfig } from '../config/run-config'
import type { EngineApi, MemoryReport } from '../worker/api'

interface Estimate {
  memory?: MemoryReport
  /** Why the method cannot run as set. */
  problem?: Phrase
}

/** What shall be estimated, and for which model and data. */
export interface ComparisonWanted {
  model: string
  data: string
  configs: RunConfig[]
}

/** By the names of methods. */
type EstimatesState = Record<string, Estimate>

const estimateDelayMs = 400

export function createComparisonEstimates(engine: EngineApi) {
  const store = createStore<{ found: EstimatesState }>(() => ({ found: {} }))
  let timer: ReturnType<typeof setTimeout> | undefined
  let current = 0

  async function estimateAll(configs: readonly RunConfig[]): Promise<void> {
    const ticket = ++current
    const found: EstimatesState = {}
    for (const config of configs) {
      const result = await engine.estimate(config)
      if (ticket !== current) return
      found[config.method] = result.ok ? { memory: result.value, problem: result.value.problem } : { problem: result.error.phrase }
      store.setState({ found: { ...found } })
    }
    store.setState({ found })
  }

  return {
    store,
    /** Estimates soon; several changes in a row give one round. */
    estimate({ configs }: ComparisonWanted): void {
      clearTimeout(timer)
      // A round under way is about settings of before.
      current++
      timer = setTimeout(() => void estimateAll(configs), estimateDelayMs)
    },
  }
}
