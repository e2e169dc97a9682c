// Prompts that a model rewrote and a person accepted, row by row. They are part of a recipe, beside the settings of its step.
import { FormatError } from '../config/errors'
import { recordOf } from '../config/exact-json'
import { say } from '../config/phrase'
import { filled, namesIn, parseTemplate } from './placeholders'
import { isRowKey } from './row-key'

export interface Rewrite {
  /** The row that it is made from: its `rowKey`. A row may have several rewrites. */
  row: string
  /** Its prompt in other words. */
  prompt: string
  /** The model that wrote it; a person has accepted it, and may have edited it. */
  name: string
}

const mostRewrites = 200_000
const [mostCharacters, mostOfName] = [1_000_000, 200]

/** The rewrites of a recipe's step. @throws FormatError */
export function rewritesFrom(value: unknown): Rewrite[] {
  if (value === undefined) return []
  if (!Array.isArray(value) || value.length > mostRewrites)
    throw new FormatError(say`rewrites: expected a list of at most ${mostRewrites} rewrites, got something else. Correct the recipe.`)
  return value.map(rewriteFrom)
}

function rewriteFrom(value: unknown): Rewrite {
  const { row, prompt, name } = recordOf(value) ?? {}
  if (!isRowKey(row) || typeof prompt !== 'string' || prompt.trim() === '' || prompt.length > mostCharacters || typeof name !== 'string')
    throw new FormatError(
      say`rewrites: expected rewrites with row, prompt and name, got ${JSON.stringify(value)?.slice(0, 100)}. Correct the recipe.`,
    )
  return { row, prompt, name: name.slice(0, mostOfName) }
}

/** What a model is asked for the prompt of a row. @throws FormatError if {prompt} is not the only place of the instruction */
export function rewriteRequest(instruction: string, prompt: string): string {
  const template = parseTemplate(instruction)
  const names = namesIn(template)
  if (names.length === 0 || names.some((name) => name !== 'prompt'))
    throw new FormatError(
      say`Instruction: expected {prompt} as its only place, got ${names.length ? `{${names.join('}, {').slice(0, 100)}}` : say`none`}. Correct it.`,
    )
  return filled(template, () => prompt)
}
