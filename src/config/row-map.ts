// A map of rows: where each row is among the others by the features that a model has of it.

export interface RowMap {
  /** The line of each row in its file, from 1; the lists below have the same order. */
  lines: number[]
  /** Coordinates: the two principal components of the rows' features. */
  x: number[]
  y: number[]
  /** The mean loss of a row's trained tokens. */
  losses: number[]
  /** How many tokens each row has at the maximum length. */
  tokens: number[]
  /** The share of the rows' variance that lies in each of the two directions. */
  shares: [number, number]
  /** Rows that cannot be read, or with nothing to train on at the maximum length. */
  leftOut: number
  timeMs: number
}

/** How many rows a map has at most, and by default. */
export const [mostMapped, usuallyMapped] = [10_000, 1000]
