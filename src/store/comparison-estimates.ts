// The exact memory plan of each chosen method before a comparison starts, if the base already has the precision that the method uses.
import { createStore } from 'zustand/vanilla'
import type { Phrase } from '../config/phrase'
import type { RunConfig } from '../config/run-config'
import type { EngineApi, MemoryReport } from '../worker/api'

interface Estimate {
  memory?: MemoryReport
  /** Why the method cannot run as set. */
  problem?: Phrase
}

/** The runs to estimate, and their model and data. */
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
    /** Estimates soon. Several changes in a row are estimated once. */
    estimate({ configs }: ComparisonWanted): void {
      clearTimeout(timer)
      // The current estimates are for former settings.
      current++
      timer = setTimeout(() => void estimateAll(configs), estimateDelayMs)
    },
  }
}
