// The two directions in which rows of numbers differ most (principal component analysis), by subspace iteration in float64
// (Golub & Van Loan, section 8.2). The same rows give the same coordinates.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import { seededRandom } from '../data/random'
import { eigen, orthonormalise } from '../models/principal'

/** Features of rows: [rows, width], row after row. */
export interface Features {
  rows: number
  width: number
  values: Float32Array
}

interface Components {
  /** Coordinates of each row. */
  x: Float64Array
  y: Float64Array
  /** The share of the variance in each direction. */
  shares: [number, number]
}

/** Directions that are followed, of which the first two are wanted; the others make them settle sooner. */
const followed = 16
const mostRounds = 1000
/** A direction has settled if applying the covariance changes it by at most this share of its variance, or by this share of the largest. */
const [settledShare, settledFloor] = [1e-7, 1e-13]

const norm = (v: Float64Array): number => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0))

/** The mean of each column. */
function meanOf({ rows, width, values }: Features): Float64Array {
  const mean = new Float64Array(width)
  for (let i = 0; i < rows; i++) for (let j = 0; j < width; j++) mean[j] += values[i * width + j]
  return mean.map((sum) => sum / rows)
}

/** Coordinates [rows, directions] of the centred rows, and Xᵀ X times each direction. */
function multiplied({ rows, width, values }: Features, mean: Float64Array, directions: readonly Float64Array[]) {
  const coordinates = directions.map(() => new Float64Array(rows))
  const images = directions.map(() => new Float64Array(width))
  const row = new Float64Array(width)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < width; j++) row[j] = values[i * width + j] - mean[j]
    directions.forEach((direction, d) => {
      let at = 0
      for (let j = 0; j < width; j++) at += row[j] * direction[j]
      coordinates[d][i] = at
      const image = images[d]
      for (let j = 0; j < width; j++) image[j] += at * row[j]
    })
  }
  return { coordinates, images }
}

/** The sum of `vectors`, each times its weight. */
function mixed(vectors: readonly Float64Array[], weights: Float64Array): Float64Array {
  const out = new Float64Array(vectors[0].length)
  vectors.forEach((vector, i) => vector.forEach((x, j) => (out[j] += x * weights[i])))
  return out
}

/** The sum of squares of the centred values. */
function varianceOf({ width, values }: Features, mean: Float64Array): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += (values[i] - mean[i % width]) ** 2
  return sum
}

/**
 * The two principal components. Of the two signs of a direction, its largest number is positive. `pulse` is awaited after each round.
 * @throws FormatError if a value is not finite, or if the rows differ as much in many directions as in these
 */
export async function principalComponents(features: Features, pulse: (round: number) => Promise<void>): Promise<Components> {
  const { width, values } = features
  if (!values.every(Number.isFinite))
    throw new FormatError(say`map: expected finite features, got NaN or infinity. Load the base in a higher precision.`)
  const mean = meanOf(features)
  const random = seededRandom(0)
  let directions = Array.from({ length: Math.min(followed, width) }, () => Float64Array.from({ length: width }, () => random() - 0.5))
  for (let round = 0; round < mostRounds; round++) {
    await pulse(round)
    orthonormalise(directions)
    const { coordinates, images } = multiplied(features, mean, directions)
    const gram = images.map((image) => Float64Array.from(directions, (d) => d.reduce((sum, x, j) => sum + x * image[j], 0)))
    const { values: variances, vectors } = eigen(gram.map((row, i) => row.map((x, j) => (x + gram[j][i]) / 2)))
    const first = vectors.slice(0, 2)
    const found = first.map((weights) => mixed(directions, weights))
    const settled = first.every((weights, i) => {
      const change = norm(mixed(images, weights).map((x, j) => x - variances[i] * found[i][j]))
      return change <= settledShare * variances[i] + settledFloor * variances[0]
    })
    if (settled) return componentsOf(features, mean, { coordinates, first, found, variances })
    directions = images
  }
  throw new FormatError(say`map: the rows differ in many directions by the same amount, so two of them show nothing. Map other rows.`)
}

interface Settled {
  coordinates: readonly Float64Array[]
  /** The weights of the two directions, and the directions. */
  first: readonly Float64Array[]
  found: readonly Float64Array[]
  variances: readonly number[]
}

function componentsOf(features: Features, mean: Float64Array, { coordinates, first, found, variances }: Settled): Components {
  const all = varianceOf(features, mean)
  const [x, y] = [0, 1].map((i) => {
    if (!first[i]) return new Float64Array(features.rows)
    const largest = found[i].reduce((most, v) => (Math.abs(v) > Math.abs(most) ? v : most), 0)
    return mixed(coordinates, first[i]).map((at) => (largest < 0 ? -at : at))
  })
  const share = (i: number): number => (all > 0 ? Math.max(0, variances[i] ?? 0) / all : 0)
  return { x, y, shares: [share(0), share(1)] }
}
