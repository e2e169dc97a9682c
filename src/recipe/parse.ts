// Recipes as files.
import { FormatError } from '../config/errors'
import { type Settings, parseSettings } from '../config/field'
import { say } from '../config/phrase'
import type { Recipe } from '../config/recipe'
import { stepNamed } from './registry'

const version = 1

/** A recipe from its file. @throws FormatError, UnsupportedError for a step that does not exist */
export function parseRecipe(where: string, text: string): Recipe {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new FormatError(say`${where}: expected a recipe in JSON, got other text. Choose a recipe that TabTune wrote.`)
  }
  return checkedRecipe(where, value)
}

/** A recipe from plain data of another origin, such as the record of a run. @throws FormatError, UnsupportedError */
function checkedRecipe(where: string, value: unknown): Recipe {
  const { tabtuneRecipe, steps } = (value ?? {}) as { tabtuneRecipe?: unknown; steps?: unknown }
  if (tabtuneRecipe !== version || !Array.isArray(steps))
    throw new FormatError(
      say`${where}: expected a recipe ({"tabtuneRecipe": ${version}, "steps": […]}), got ${JSON.stringify(value)?.slice(0, 60)}. Choose a recipe that TabTune wrote.`,
    )
  return { steps: steps.map((step, i) => checkedStep(say`${where}, step ${i + 1}`, step)) }
}

/** The recipe as the text of its file. */
export const recipeText = ({ steps }: Recipe): string => `${JSON.stringify({ tabtuneRecipe: version, steps }, undefined, 2)}\n`

const stepKeys: ReadonlySet<string> = new Set(['step', 'settings', 'data'])

function checkedStep(where: ReturnType<typeof say>, value: unknown): Recipe['steps'][number] {
  const { step: name, settings = {}, data: given } = (value ?? {}) as { step?: unknown; settings?: unknown; data?: unknown }
  if (typeof name !== 'string') throw new FormatError(say`${where}: expected the name of a step, got ${String(name)}. Correct the recipe.`)
  const step = stepNamed(name)
  const unknown = Object.keys(value ?? {}).find((key) => !stepKeys.has(key))
  if (unknown !== undefined)
    throw new FormatError(say`${where}: expected ${[...stepKeys].join(', ')}, got ${unknown.slice(0, 100)}. Correct the recipe.`)
  const parsed: Settings = parseSettings(name, step.fields, settings)
  const changed = step.fields.filter(({ key, default: normal }) => parsed[key] !== normal)
  const data = step.data?.(given)
  return { step: name, settings: Object.fromEntries(changed.map(({ key }) => [key, parsed[key]])), ...(data !== undefined && { data }) }
}
