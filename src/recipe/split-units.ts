// How rows are shared out between training and evaluation. Rows that must stay together are one unit.
import { shuffled } from '../data/random'
import { grouped } from './grouped'

interface Unit {
  rows: readonly number[]
}

interface Units {
  count: number
  /** The group of a row; a row without one is in no unit. */
  groupOf(i: number): string | undefined
  stratumOf(i: number): string
  seed: number
  pause(): Promise<void>
}

/** Units in an order that the seed decides, those of a stratum after each other. */
export async function unitsOf({ count, groupOf, stratumOf, seed, pause }: Units): Promise<Unit[]> {
  const units = [...(await grouped(count, groupOf, pause)).values()].map((rows) => ({ rows }))
  const order = shuffled(units.length, seed, 0x5eed)
  const strata = await grouped(units.length, (i) => stratumOf(units[order[i]].rows[0]), pause)
  return [...strata.keys()].sort().flatMap((stratum) => strata.get(stratum)?.map((i) => units[order[i]]) ?? [])
}

/**
 * The units for evaluation. A unit is taken if that brings the number of rows taken so far nearer to the share of the rows seen so far, so
 * every stratum gives its share, within one unit. If there are two units, at least one is taken and one is left.
 */
export function shareOf(units: readonly Unit[], share: number): Unit[] {
  let [seen, taken] = [0, 0]
  const chosen = units.filter(({ rows }) => {
    seen += rows.length
    const isTaken = share * seen - taken > rows.length / 2
    if (isTaken) taken += rows.length
    return isTaken
  })
  if (units.length < 2 || share === 0) return []
  if (chosen.length === units.length) return chosen.slice(0, -1)
  return chosen.length ? chosen : units.slice(0, 1)
}

/** The units of one of `count` folds, numbered from 0. Each unit is dealt to the fold with the fewest rows. */
export function foldOf(units: readonly Unit[], count: number, fold: number): Unit[] {
  const sizes = new Array<number>(count).fill(0)
  return units.filter(({ rows }) => {
    const least = sizes.indexOf(Math.min(...sizes))
    sizes[least] += rows.length
    return least === fold
  })
}
