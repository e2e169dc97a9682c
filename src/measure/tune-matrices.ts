// Chooses the subgroup matrices of products, on the few devices that list some. A form is taken only if it is faster than what the device
// uses otherwise, and gives the results of the plainest form.
import type { Gpu } from '../gpu/gpu'
import type { MatrixForm } from '../gpu/matrix-units'
import type { Profile } from '../gpu/profile'
import { productInput, productInto } from '../ops/matmul'
import { Bed } from './launches'
import { check, checker, frozenMatrix } from './tune-checks'

/** y = x Wᵀ and dx = dy W with a square frozen matrix. */
function frozenProducts(gpu: Gpu, side: number, profile: Partial<Profile>): Bed {
  const bed = new Bed(gpu.under(profile))
  const [x, w, dy, y, dx] = ['x', 'w', 'dy', 'y', 'dx'].map((label) => bed.tensor(label, [side, side]))
  productInto(bed.r, x, frozenMatrix(w), y, false)
  productInput(bed.r, dy, frozenMatrix(w), dx, false)
  return bed
}

type Chosen = NonNullable<Profile['matrices']>

/** How many times `measure` is called. */
export function matrixTrials({ matrices, profile }: Gpu): number {
  const exact = matrices.filter(({ factors }) => factors === 'f32').length
  return matrices.length ? 1 + exact + (profile.f16 ? 1 + matrices.length : 0) : 0
}

/** The fastest sound forms beside the kernels of `found`; absent if there are none. @throws what `measure` throws; DeviceError */
export async function quickestMatrices(
  gpu: Gpu,
  found: Partial<Profile>,
  side: number,
  measure: (bed: Bed) => Promise<number>,
): Promise<Chosen | undefined> {
  const sound = checker(gpu, 'matrices')
  const quickest = async (under: Partial<Profile>, forms: readonly MatrixForm[], as: (form: MatrixForm) => Chosen) => {
    const trials = forms.map((form) => {
      const profile = { ...under, matrices: as(form) }
      return { form, profile, bed: frozenProducts(gpu, side, profile) }
    })
    // A draft may change: a device can list what it does not compile.
    const compiled = await Promise.all(
      trials.map(({ profile, bed }) =>
        gpu.compiles([...bed.launches, ...check(gpu, 'matrices', profile).bed.launches].map(({ kernel }) => kernel)),
      ),
    )
    let best: { form?: MatrixForm; ms: number } = { ms: await measure(frozenProducts(gpu, side, under)) }
    for (const { form, profile, bed } of trials.filter((_, i) => compiled[i])) {
      const ms = await measure(bed)
      if (ms < best.ms && (await sound(profile))) best = { form, ms }
    }
    return best.form
  }
  const exact = await quickest(
    found,
    gpu.matrices.filter(({ factors }) => factors === 'f32'),
    (form) => ({ exact: form }),
  )
  const fast = gpu.profile.f16 && (await quickest({ ...found, halves: 'multiplied' }, gpu.matrices, (form) => ({ fast: form })))
  return exact || fast ? { ...(exact && { exact }), ...(fast && { fast }) } : undefined
}
