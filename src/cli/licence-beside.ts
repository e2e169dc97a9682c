// The licence of rows, as files in their folder say it.
import { readFile, readdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { say, sentence } from '../config/phrase'
import type { Recipe } from '../config/recipe'
import { licenceIn, saysLicence } from '../recipe/licence'
import { tell } from './tell'

/** In the folder of a model, README.md and LICENSE are about the model. */
const isOfModel = (name: string): boolean => name === 'config.json' || /\.(gguf|safetensors)$/.test(name)

/** The licence that files beside these paths say, which is told; undefined if they say none. */
export async function licenceBeside(paths: readonly string[]): Promise<string | undefined> {
  for (const folder of new Set(paths.map((path) => dirname(resolve(path))))) {
    const all = await readdir(folder)
    if (all.some(isOfModel)) continue
    const names = all.filter(saysLicence).sort()
    const licence = licenceIn(await Promise.all(names.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') }))))
    if (licence === undefined) continue
    tell([sentence(say`Licence of the rows, from ${names.join(', ')} beside them: ${licence}.`)])
    return licence
  }
  return undefined
}

/** The recipe with the licence that files beside these paths say, if it has none. */
export async function withLicence(recipe: Recipe, paths: readonly string[]): Promise<Recipe> {
  const licence = recipe.licence ?? (await licenceBeside(paths))
  return licence === undefined ? recipe : { ...recipe, licence }
}
