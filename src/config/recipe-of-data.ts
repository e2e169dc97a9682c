// How the data of a run were made: kept with the run, in run.json and in the model card.
import type { Settings } from './field'
import { recordOf } from './exact-json'
import { type Maker, type Recipe, type RecipeReport, type RecipeStep, makers } from './recipe'

export interface RecipeOfData extends Recipe {
  /** The files that the rows are from. */
  files: readonly string[]
  /** Rows by their maker, after the steps. */
  makers: RecipeReport['makers']
}

const isSetting = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value)

function stepFrom(value: unknown): RecipeStep | undefined {
  const { step, settings, data } = recordOf(value) ?? {}
  const given = Object.entries(recordOf(settings) ?? {})
  if (typeof step !== 'string' || !given.every(([, setting]) => isSetting(setting))) return undefined
  return { step, settings: Object.fromEntries(given) as Settings, ...(data !== undefined && { data }) }
}

/** From the record of a run; undefined if it is not usable. The steps may be those of another version. */
export function recipeOfData(value: unknown): RecipeOfData | undefined {
  const { steps, files, makers: counts } = recordOf(value) ?? {}
  if (!Array.isArray(steps) || !Array.isArray(files)) return undefined
  const parsed = steps.map(stepFrom).filter((step) => step !== undefined)
  if (parsed.length !== steps.length || !files.every((name) => typeof name === 'string')) return undefined
  const found = makers.flatMap((maker): [Maker, number][] => {
    const count = recordOf(counts)?.[maker]
    return typeof count === 'number' ? [[maker, count]] : []
  })
  return { steps: parsed, files, makers: Object.fromEntries(found) }
}
