// How close is close enough, in one place. Bounds may be tightened, never widened to pass.

interface Tolerance {
  rtol: number
  atol: number
}

export const forwardTolerance: Tolerance = { rtol: 1e-4, atol: 1e-6 }
export const backwardTolerance: Tolerance = { rtol: 1e-4, atol: 1e-5 }

/** |got − expected| in units of the allowed difference; NaN counts as infinite. */
function excess(got: number, expected: number, { rtol, atol }: Tolerance): number {
  const ratio = Math.abs(got - expected) / (atol + rtol * Math.abs(expected))
  return Number.isNaN(ratio) ? Number.POSITIVE_INFINITY : ratio
}

function place(index: number, shape: readonly number[]): string {
  const at: number[] = []
  let rest = index
  for (const size of shape.toReversed()) {
    at.unshift(rest % size)
    rest = Math.floor(rest / size)
  }
  return `[${at.join(', ')}]`
}

/** @throws Error with the worst place and both values, unless |got − expected| ≤ atol + rtol · |expected| everywhere. */
export function assertClose(
  what: string,
  got: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: Tolerance,
  shape: readonly number[] = [expected.length],
): void {
  if (got.length !== expected.length) throw new Error(`${what}: expected ${expected.length} values, got ${got.length}.`)
  let worst = 0
  let at = 0
  let wrong = 0
  for (let i = 0; i < expected.length; i++) {
    const e = excess(got[i], expected[i], tolerance)
    if (e > 1) wrong++
    if (e > worst) [worst, at] = [e, i]
  }
  if (wrong === 0) return
  const difference = Math.abs(got[at] - expected[at])
  throw new Error(
    `${what}: expected ${expected[at]} at ${place(at, shape)}, got ${got[at]} (difference ${difference.toExponential(2)}, ` +
      `${worst.toFixed(1)} times what rtol ${tolerance.rtol} and atol ${tolerance.atol} allow); ${wrong} of ${expected.length} values are off.`,
  )
}

/** @throws Error with the first place where bits differ. */
export function assertSameBits(what: string, got: Float32Array, expected: Float32Array): void {
  if (got.length !== expected.length) throw new Error(`${what}: expected ${expected.length} values, got ${got.length}.`)
  const bits = (values: Float32Array) => new Uint32Array(values.buffer, values.byteOffset, values.length)
  const [a, b] = [bits(got), bits(expected)]
  const at = a.findIndex((word, i) => word !== b[i])
  if (at >= 0) throw new Error(`${what}: expected the very bits of ${expected[at]} at ${at}, got ${got[at]}.`)
}
