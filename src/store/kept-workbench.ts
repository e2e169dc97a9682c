// What this browser keeps of the workbench: its recipe with the labels, and which files it had. The files themselves are copies
// (src/storage/kept-files.ts).
import * as v from 'valibot'
import { FormatError } from '../config/errors'
import { usableSettings } from '../config/field'
import { say } from '../config/phrase'
import { type ReadHow, readHowFields } from '../config/read-how'
import { type Part, type Recipe, parts } from '../config/recipe'
import { parseRecipe, recipeText } from '../recipe/parse'

/** A file that the workbench had. */
export interface BenchFileAbout {
  name: string
  sizeBytes: number
  /** Of its bytes; absent if they had not been read whole. */
  fingerprint?: string
  /** Its copy in this browser. */
  keptId?: string
  part: Part
  how?: ReadHow
}

export interface KeptWorkbench {
  recipe: Recipe
  /** The recipe had been used, downloaded or opened as it is. */
  isSaved: boolean
  files: readonly BenchFileAbout[]
}

const file = v.object({
  name: v.string(),
  sizeBytes: v.number(),
  fingerprint: v.optional(v.string()),
  keptId: v.optional(v.string()),
  part: v.picklist(parts),
  how: v.optional(v.unknown()),
})
const record = v.object({ version: v.literal(1), recipe: v.string(), isSaved: v.boolean(), files: v.array(file) })

/** @throws FormatError, UnsupportedError if it is not what this version writes */
export function parseKeptWorkbench(input: unknown): KeptWorkbench {
  const found = v.safeParse(record, input)
  if (!found.success)
    throw new FormatError(
      say`The workbench that was open here before cannot be read: expected its files and its recipe, got something else. Open the files again.`,
    )
  const { recipe, isSaved, files } = found.output
  return {
    recipe: parseRecipe('the workbench that was open here before', recipe),
    isSaved,
    files: files.map(({ how, ...about }) => ({ ...about, ...(how !== undefined && { how: usableSettings(readHowFields, how) }) })),
  }
}

/** Plain data for `parseKeptWorkbench`. */
export function writtenWorkbench({ recipe, isSaved, files }: KeptWorkbench): unknown {
  return { version: 1, recipe: recipeText(recipe), isSaved, files }
}
