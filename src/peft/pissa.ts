// PiSSA (Meng 2024, arXiv 2404.02948, section 3): A and B start as the principal part of each weight, and the base continues without that
// part. Here the base is packed and frozen, so the starting part is subtracted from the output instead: y = W x + s · (B A − B₀ A₀) x.
// The finished adapter is a plain LoRA of twice the rank, A' = [A; A₀], B' = [B, −B₀], as PEFT converts it.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { Gpu } from '../gpu/gpu'
import type { Principal } from '../models/principal'
import type { Fresh } from './initial'
import type { LoraSite, RankSettings } from './lora-sites'
import type { Base, FileTensor, NamedTensor } from './method'
import { randomSource } from './random'
import { pairText, patternRecord } from './targets'

/** Key of the frozen starting values of A or B. */
export const startKey = (key: string) => `${key}.start`

/** A = √(Σ/s) Vᵀ, B = U √(Σ/s): s · B A is the principal part (eq. 2 and 3). */
function halves({ left, values, right }: Principal, s: LoraSite): { a: Float32Array; b: Float32Array } {
  const [a, b] = [new Float32Array(s.rank * s.in), new Float32Array(s.out * s.rank)]
  values.forEach((value, j) => {
    const root = Math.sqrt(value / s.scale)
    right[j].forEach((v, i) => (a[j * s.in + i] = root * v))
    left[j].forEach((v, i) => (b[i * s.rank + j] = root * v))
  })
  return { a, b }
}

/** A and B, and their frozen starting values. @throws FormatError if a rank exceeds the size of its matrix */
export function pissaSpecs(base: Base, sites: readonly LoraSite[], settings: RankSettings, seed: number): Fresh[] {
  return sites.flatMap((s) => {
    if (s.rank > Math.min(s.in, s.out))
      throw new FormatError(say`rank: expected at most ${Math.min(s.in, s.out)} for ${s.site} with PiSSA, got ${s.rank}. Lower the rank.`)
    let made: Promise<{ a: Float32Array; b: Float32Array }> | undefined
    const start = (gpu: Gpu) => (made ??= base.principal(gpu, s.tensor, s.rank, randomSource(seed, s.a)).then((p) => halves(p, s)))
    const half = (name: string, shape: readonly number[], which: 'a' | 'b', frozen: boolean): Fresh => ({
      name,
      shape,
      decay: true,
      rate: which === 'b' ? settings.plusRatio : 1,
      frozen,
      fresh: async (gpu) => (await start(gpu))[which],
    })
    const [a, b] = [
      [s.rank, s.in],
      [s.out, s.rank],
    ]
    return [half(s.a, a, 'a', false), half(s.b, b, 'b', false), half(startKey(s.a), a, 'a', true), half(startKey(s.b), b, 'b', true)]
  })
}

/** The tensors as a plain LoRA of twice the rank, [A; A₀] and [B, −B₀]. */
export function pissaTensors(tensors: ReadonlyMap<string, NamedTensor>, sites: readonly LoraSite[]): Map<string, NamedTensor> {
  const out = new Map([...tensors].filter(([name]) => !name.endsWith('.start')))
  for (const s of sites) {
    const values = (key: string) => tensors.get(key)!.values
    const a = new Float32Array(2 * s.rank * s.in)
    a.set(values(s.a))
    a.set(values(startKey(s.a)), s.rank * s.in)
    const b = new Float32Array(2 * s.rank * s.out)
    for (let n = 0; n < s.out; n++) {
      b.set(values(s.b).subarray(n * s.rank, (n + 1) * s.rank), 2 * n * s.rank)
      b.set(
        values(startKey(s.b))
          .subarray(n * s.rank, (n + 1) * s.rank)
          .map((v) => -v),
        (2 * n + 1) * s.rank,
      )
    }
    out.set(s.a, { shape: [2 * s.rank, s.in], values: a })
    out.set(s.b, { shape: [s.out, 2 * s.rank], values: b })
  }
  return out
}

/** The tensors in the file of that LoRA. Those of a LoRA without PiSSA do not change. */
export function pissaFile(trained: readonly FileTensor[]): FileTensor[] {
  const names = new Set(trained.map((t) => t.name))
  return trained
    .filter((t) => !t.name.endsWith('.start'))
    .map((t) => {
      const [rows, columns] = t.shape
      if (!names.has(startKey(t.name))) return t
      return { ...t, shape: t.name.endsWith('.lora_A.weight') ? [2 * rows, columns] : [rows, 2 * columns] }
    })
}

/** The settings of that LoRA: each rank is doubled, and the scales stay the same. */
export function pissaSettings<S extends RankSettings & { start: string }>(settings: S): S {
  const factor = settings.rsLora ? Math.SQRT2 : 2
  const times = (text: string, by: number) => pairText(Object.entries(patternRecord(text)).map(([name, value]) => [name, value * by]))
  return {
    ...settings,
    start: 'default',
    r: 2 * settings.r,
    alpha: factor * settings.alpha,
    rankPattern: times(settings.rankPattern, 2),
    alphaPattern: times(settings.alphaPattern, factor),
  }
}
