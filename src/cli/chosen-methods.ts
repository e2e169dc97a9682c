// The option --methods, and which pairs of --set each of the methods takes.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { Method } from '../peft/method'
import { methodNamed, methods } from '../peft/registry'
import { listed } from '../peft/targets'
import { eachOnce } from './each-once'
import type { Options } from './options'

const keyOf = (pair: string) => pair.slice(0, pair.indexOf('='))

/** @throws FormatError for a name that is no method's */
export function chosenMethods(options: Options): Method[] {
  const names = eachOnce('methods', listed(options.need('methods')))
  return names.length === 1 && names[0] === 'all' ? [...methods] : names.map(methodNamed)
}

/** The pairs of --set that `method` takes. */
export const ownPairs = ({ settings }: Options, method: Method): string[] =>
  settings.filter((pair) => method.fields.some((f) => f.key === keyOf(pair)))

/** @throws FormatError for a pair that none of the chosen methods takes */
export function refuseStrange({ settings }: Options, chosen: readonly Method[]): void {
  const strange = settings.find((pair) => !chosen.some((m) => m.fields.some((f) => f.key === keyOf(pair))))
  if (strange !== undefined)
    throw new FormatError(
      say`--set: expected NAME=VALUE with a setting of one of the chosen methods, got ${strange}. Run tabtune help for the settings.`,
    )
}
