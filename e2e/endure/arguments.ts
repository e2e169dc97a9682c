// The options of `npm run endure`.
import { parseArgs } from 'node:util'

type Amount = 'sample' | 'usual' | 'long'

export interface EndureArguments {
  /** Names of the parts to run; absent = all. */
  only?: string[]
  amount: Amount
  /** Number of cases, instead of the part's own. */
  count?: number
  seed: number
  /** A file for the counts and times as JSON, for `npm test`. */
  json?: string
}

function wholeNumber(name: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < least)
    throw new Error(`--${name}: expected a whole number of at least ${least}, got ${text}. Correct it.`)
  return value
}

/** @throws Error naming the option that is not understood */
export function endureArguments(args: readonly string[], names: readonly string[]): EndureArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', multiple: true },
      sample: { type: 'boolean' },
      long: { type: 'boolean' },
      count: { type: 'string' },
      seed: { type: 'string' },
      json: { type: 'string' },
    },
  })
  if (values.sample && values.long) throw new Error('expected --sample or --long, got both. Choose one.')
  const only = values.only?.flatMap((list) => list.split(',')).filter(Boolean)
  const unknown = only?.find((name) => !names.includes(name))
  if (unknown !== undefined) throw new Error(`--only: expected some of ${names.join(', ')}, got ${unknown}. Correct it.`)
  return {
    only,
    amount: values.sample ? 'sample' : values.long ? 'long' : 'usual',
    count: wholeNumber('count', values.count, 1),
    seed: wholeNumber('seed', values.seed, 0) ?? 1,
    json: values.json,
  }
}
