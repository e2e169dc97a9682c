// DoRA treats the row norms ‖W + s B A‖ as constants in its backward pass (arXiv 2402.09353, section 4.3). So its gradients are those
// of a loss in which m / ‖W + s B A‖ is constant: while A and B are moved, the lengths m must grow with the norms.
import { typedSettings } from '../config/field'
import type { Gpu } from '../gpu/gpu'
import { loraSites, rankFields } from '../peft/lora-sites'
import type { Run } from '../train/run'

type Values = Map<string, Float32Array<ArrayBuffer>>

/** For moved parameters of a DoRA run, changes the lengths so that m / norm differs only by the move of m itself. */
export async function constantNorms(gpu: Gpu, run: Run): Promise<(moved: Values) => Values> {
  const { model, settings } = run.plan
  const start = await run.parameters.read(gpu)
  const sites: { a: string; b: string; m: string; norms(values: Values): Float64Array; before: Float64Array }[] = []
  for (const s of loraSites(model.base, typedSettings('dora', rankFields, settings))) {
    const w = await model.base.unpacked(gpu, `${s.site}.weight`)
    const norms = (values: Values) => {
      const [A, B] = [values.get(s.a)!, values.get(s.b)!]
      return Float64Array.from({ length: s.out }, (_, row) => {
        let sum = 0
        for (let col = 0; col < s.in; col++) {
          let v = w[row * s.in + col]
          for (let r = 0; r < s.rank; r++) v += s.scale * B[row * s.rank + r] * A[r * s.in + col]
          sum += v * v
        }
        return Math.sqrt(sum)
      })
    }
    sites.push({ a: s.a, b: s.b, m: s.a.replace('lora_A.weight', 'lora_magnitude_vector'), norms, before: norms(start) })
  }
  return (moved) => {
    const kept: Values = new Map(moved)
    for (const { m, norms, before } of sites) {
      const after = norms(moved)
      kept.set(
        m,
        moved.get(m)!.map((v, row) => (v * after[row]) / before[row]),
      )
    }
    return kept
  }
}
