// What tells a row from others: a hash of its columns, which stays the same when rows before it are dropped or files are read again.
import { FormatError } from '../config/errors'
import { stringifyJson } from '../config/exact-json'
import { say } from '../config/phrase'
import { sha256Text } from '../config/sha256'
import type { WorkRow } from './row'

const keyDigits = 32

/** The key of a row; without the column `except`, if one is named. */
export async function rowKey({ value }: WorkRow, except?: string): Promise<string> {
  const columns = except === undefined ? value : Object.fromEntries(Object.entries(value).filter(([name]) => name !== except))
  return (await sha256Text(stringifyJson(columns))).slice(0, keyDigits)
}

export const isRowKey = (value: unknown): value is string => typeof value === 'string' && /^[\da-f]{32}$/.test(value)

const mostKeys = 1_000_000

/** The keys in the data of a step. @throws FormatError */
export function rowKeysFrom(value: unknown): string[] {
  if (value === undefined) return []
  if (!Array.isArray(value) || value.length > mostKeys)
    throw new FormatError(say`drop-picked: expected a list of at most ${mostKeys} rows, got something else. Correct the recipe.`)
  const wrong: unknown = value.find((key) => !isRowKey(key))
  if (wrong !== undefined)
    throw new FormatError(
      say`drop-picked: expected rows as 32 digits of their hash, got ${JSON.stringify(wrong)?.slice(0, 100)}. Correct the recipe.`,
    )
  return value.filter(isRowKey)
}
