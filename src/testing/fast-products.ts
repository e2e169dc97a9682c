// Tests of fast products: on which devices they run, and how far products with halves may be from exact ones.
import type { Gpu } from '../gpu/gpu'
import type { MatrixForm, MatrixShape } from '../gpu/matrix-units'

/** Why tests of arithmetic in f16 are skipped on the device; undefined if they run. */
export function lacksF16({ profile, name }: Gpu): string | undefined {
  return profile.f16 ? undefined : `${name} has no shader-f16; TABTUNE_VULKAN_ICD names another driver`
}

/** Why tests of subgroup matrices with such factors are skipped on the device; undefined if they run. */
export function lacksMatrices({ matrices, name }: Gpu, factors: MatrixShape['factors']): string | undefined {
  if (matrices.some((form) => form.factors === factors)) return
  return `${name} lists no subgroup matrices of ${factors} with sums in f32; docs/benchmarks.md says which driver does`
}

/**
 * A form with each shape of subgroup matrices that the device lists for such factors. It has two matrices of sums one below the other, since
 * a software adapter takes minutes to compile the sixteen of a real form.
 */
export function smallForms({ matrices }: Gpu, factors: MatrixShape['factors']): MatrixForm[] {
  const forms = matrices.filter((form) => form.factors === factors).map((form) => ({ ...form, rows: 2 * form.m }))
  return [...new Map(forms.map((form) => [JSON.stringify(form), form])).values()]
}

/** The largest relative error of one rounding to a half: half a unit in the last of 11 bits. Its mean square is a third of the square at most. */
const unit = 2 ** -11

/**
 * Bounds of e = y − Σ a b for a product with halves. Each factor is rounded once. If halves are multiplied in f16, each product of a block
 * of eight is rounded too, and so is each of its seven sums. Sums of blocks are f32, whose roundings of 2⁻²⁴ are covered by the hundredth.
 *
 * `worst`: of |e| / Σ |a b|, if all roundings have the same sign. `usual`: of the root mean square of e / √Σ (a b)², for independent
 * roundings and factors of any sign: j products add up to √j times one, so the sums of a block add 1 + 2 + … + 8 = 36 squares to its 8 · 2.
 */
export const productBounds = {
  widened: { worst: 2 * unit * 1.01, usual: Math.sqrt(2 / 3) * unit * 1.01 },
  multiplied: { worst: (2 + 8) * unit * 1.01, usual: Math.sqrt((2 + 36 / 8) / 3) * unit * 1.01 },
} as const
