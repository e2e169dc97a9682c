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

/** By the names of methods: of their runs, the one that takes the most, or one that cannot run. */
type EstimatesState = Record<string, Estimate>

/** The one that fits less well. */
function worse(one: Estimate | undefined, other: Estimate): Estimate {
  if (!one || other.problem) return other
  return one.problem || (one.memory?.totalBytes ?? 0) >= (other.memory?.totalBytes ?? 0) ? one : other
}

/** Most runs that are estimated: each takes some milliseconds, in which the engine does nothing else. */
const mostEstimated = 24

const estimateDelayMs = 400

export function createComparisonEstimates(engine: EngineApi) {
  const store = createStore<{ found: EstimatesState }>(() => ({ found: {} }))
  let timer: ReturnType<typeof setTimeout> | undefined
  let current = 0

  async function estimateAll(configs: readonly RunConfig[]): Promise<void> {
    const ticket = ++current
    const found: EstimatesState = {}
    for (const config of configs.slice(0, mostEstimated)) {
      const result = await engine.estimate(config)
      if (ticket !== current) return
      const now = result.ok ? { memory: result.value, problem: result.value.problem } : { problem: result.error.phrase }
      found[config.method] = worse(found[config.method], now)
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
