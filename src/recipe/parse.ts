// Recipes as files.
import { FormatError } from '../config/errors'
import { recordOf } from '../config/exact-json'
import { type Settings, parseSettings } from '../config/field'
import { type Phrase, say } from '../config/phrase'
import { type Recipe, digestFrom } from '../config/recipe'
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
  const { tabtuneRecipe, steps, licence } = recordOf(value) ?? {}
  if (tabtuneRecipe !== version || !Array.isArray(steps))
    throw new FormatError(
      say`${where}: expected a recipe ({"tabtuneRecipe": ${version}, "steps": […]}), got ${JSON.stringify(value)?.slice(0, 60)}. Choose a recipe that TabTune wrote.`,
    )
  if (licence !== undefined && (typeof licence !== 'string' || licence.length > 200))
    throw new FormatError(say`${where}: expected the licence as a text of at most 200 characters, got something else. Correct the recipe.`)
  return {
    steps: steps.map((step, i) => checkedStep(say`${where}, step ${i + 1}`, step)),
    ...(licence !== undefined && { licence }),
  }
}

/** The recipe as the text of its file. */
export const recipeText = ({ steps, licence }: Recipe): string =>
  `${JSON.stringify({ tabtuneRecipe: version, steps, licence }, undefined, 2)}\n`

const stepKeys: ReadonlySet<string> = new Set(['step', 'settings', 'data', 'digest'])

function checkedStep(where: Phrase, value: unknown): Recipe['steps'][number] {
  const { step: name, settings = {}, data: given, digest } = recordOf(value) ?? {}
  if (typeof name !== 'string') throw new FormatError(say`${where}: expected the name of a step, got ${String(name)}. Correct the recipe.`)
  const step = stepNamed(name)
  const unknown = Object.keys(value ?? {}).find((key) => !stepKeys.has(key))
  if (unknown !== undefined)
    throw new FormatError(say`${where}: expected ${[...stepKeys].join(', ')}, got ${unknown.slice(0, 100)}. Correct the recipe.`)
  const parsed: Settings = parseSettings(name, step.fields, settings)
  const changed = step.fields.filter(({ key, default: normal }) => parsed[key] !== normal)
  const kept = { step: name, settings: Object.fromEntries(changed.map(({ key }) => [key, parsed[key]])) }
  if (digest !== undefined) return { ...kept, digest: checkedDigest(where, digest) }
  const data = step.data?.(given)
  return { ...kept, ...(data !== undefined && { data }) }
}

function checkedDigest(where: Phrase, value: unknown): Recipe['steps'][number]['digest'] {
  const digest = digestFrom(value)
  if (!digest)
    throw new FormatError(
      say`${where}: expected a digest with count and sha256, got ${JSON.stringify(value).slice(0, 100)}. Correct the recipe.`,
    )
  return digest
}
