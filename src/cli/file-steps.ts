// --weights and --join of tabtune data: steps before those of the recipe, which the page has too.
import { basename } from 'node:path'
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { RecipeStep } from '../config/recipe'
import type { Options } from './options'

/** @throws FormatError for weights that are not as many numbers as there are files, and a join of other than two files */
export function fileSteps(options: Options): RecipeStep[] {
  const files = options.inputs.map((path) => basename(path))
  return [...weightSteps(files, options.text('weights')), ...joinSteps(files, options.text('join'))]
}

function weightSteps(files: readonly string[], text: string | undefined): RecipeStep[] {
  if (text === undefined) return []
  const weights = text.split(',').map((each) => (each.trim() === '' ? NaN : Number(each)))
  if (weights.length !== files.length || weights.some((weight) => Number.isNaN(weight)) || new Set(files).size < files.length)
    throw new FormatError(
      say`--weights: expected a number for each of ${files.length} files with different names, got ${text}. Give as many numbers as --in.`,
    )
  return files.map((file, i) => ({ step: 'weigh-file', settings: { file, weight: weights[i] } }))
}

function joinSteps(files: readonly string[], column: string | undefined): RecipeStep[] {
  if (column === undefined) return []
  if (files.length !== 2 || files[0] === files[1])
    throw new FormatError(say`--join: expected two files with different names, got ${files.join(', ')}. Give --in twice.`)
  return [{ step: 'join-file', settings: { file: files[1], column } }]
}
