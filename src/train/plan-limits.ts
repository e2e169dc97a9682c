// The largest batch and the longest rows of a method in one budget, planned without weights, rows and a GPU.
import { TabTuneError } from '../config/errors'
import { type PlanWanted, planMemory } from './plan-memory'
import { largestWithin } from './largest-within'
import { budgetOf } from './run'

/** The largest batch that is looked for. */
const mostRows = 4096
/** Rows are planned in lengths that are multiples of this. */
const lengthStep = 8

export interface PlanLimits {
  /** Most rows of the maximum length in a micro-batch; 0 = not even one. */
  rows: number
  /** Most tokens of a row with the batch size as set; 0 = not even the shortest. A multiple of 8, or the model's context. Absent for pictures. */
  length?: number
}

/** How much fits into the memory budget if the backward pass computes as many layers again as saves memory; undefined without a budget. */
export async function planLimits(wanted: PlanWanted): Promise<PlanLimits | undefined> {
  const { training, model } = wanted
  const budget = budgetOf(training)
  if (budget === undefined) return undefined
  const bytes = async (change: { batchSize?: number; maxLength?: number }): Promise<number> => {
    try {
      return (await planMemory({ ...wanted, training: { ...training, ...change } })).totalBytes
    } catch (error) {
      // One tensor is larger than a buffer may be.
      if (error instanceof TabTuneError) return Infinity
      throw error
    }
  }
  const { context } = model.file.config
  const room = context - (wanted.method.virtualTokens?.(wanted.settings) ?? 0)
  if (model.file.config.vision) return { rows: await largestWithin((n) => bytes({ batchSize: n }), budget, mostRows) }
  const steps = await largestWithin((n) => bytes({ maxLength: n * lengthStep }), budget, Math.floor(room / lengthStep))
  return { rows: await largestWithin((n) => bytes({ batchSize: n }), budget, mostRows), length: steps * lengthStep }
}
