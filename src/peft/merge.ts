// Merges adapters into the base's tensors row by row, so that a whole model never has to be in memory.
import { UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import { rowsAndCols } from '../formats/model-file'
import { type LoraSite, type RankSettings, embeddingSite, loraSites, targetNames } from './lora-sites'
import type { Base, Merge, NamedTensor, RowChange } from './method'
import { savedModules } from './saved-modules'
import { type TableSettings, tokenChanges, tokensApart, trainedTokens } from './token-rows'

export type Tensors = ReadonlyMap<string, NamedTensor>

/** Puts these rows in place of the base's. */
export function replaced({ values, shape }: NamedTensor): RowChange {
  const [, cols] = rowsAndCols(shape)
  return (rows, first) => rows.set(values.subarray(first * cols, first * cols + rows.length))
}

/** W + s · B A on rows, and then `finish` on each of them, in float64. */
export function lowRank(site: LoraSite, tensors: Tensors, finish?: (row: Float64Array, index: number) => void): RowChange {
  const [a, b] = [tensors.get(site.a)!.values, tensors.get(site.b)!.values]
  const { in: cols, rank, scale } = site
  const row = new Float64Array(cols)
  return (values, first) => {
    for (let at = 0; at < values.length; at += cols) {
      const n = first + at / cols
      row.set(values.subarray(at, at + cols))
      for (let r = 0; r < rank; r++) {
        const factor = scale * b[n * rank + r]
        const from = r * cols
        for (let k = 0; k < cols; k++) row[k] += factor * a[from + k]
      }
      finish?.(row, n)
      values.set(row, at)
    }
  }
}

/** E[v] + s · A[:, v]ᵀ Bᵀ: the update of the embedding is transposed. */
function embeddingChange(site: LoraSite, tensors: Tensors): RowChange {
  const [a, b] = [tensors.get(site.a)!.values, tensors.get(site.b)!.values]
  const { out: cols, in: vocab, rank, scale } = site
  return (values, first) => {
    for (let at = 0; at < values.length; at += cols)
      for (let k = 0; k < cols; k++) {
        let sum = 0
        for (let r = 0; r < rank; r++) sum += b[k * rank + r] * a[r * vocab + first + at / cols]
        values[at + k] += scale * sum
      }
  }
}

/** @throws UnsupportedError if embedding and head are one tensor that would have to become two, or if a table would have to grow */
export function checkApart(base: Base, settings: TableSettings): void {
  const { vocab } = trainedTokens(base, settings)
  if (vocab > base.config.vocab)
    throw new UnsupportedError(
      say`merging: expected at most the ${base.config.vocab} tokens of the model, got an adapter with ${vocab - base.config.vocab} more. Use the adapter without merging it.`,
    )
  const { embedding, head } = targetNames(base, settings)
  if (base.config.tied && (embedding || head || savedModules(base, settings).length || tokensApart(base, settings)))
    throw new UnsupportedError(
      say`merging: expected embedding and head to stay the same tensor, as in ${base.name}, got an adapter that changes them separately. Use the adapter without merging it.`,
    )
}

/** `update` after `first`: an update of a table is also one of its new rows. */
function inOrder(first: RowChange | undefined, update: RowChange): RowChange {
  return (values, row) => {
    first?.(values, row)
    update(values, row)
  }
}

/** LoRA's changes. @throws as `checkApart` */
export function mergeLora(tensors: Tensors, settings: RankSettings & TableSettings, base: Base): Merge {
  checkApart(base, settings)
  const embedding = embeddingSite(base, settings)
  const sites = loraSites(base, settings)
  const updates: (readonly [string, RowChange])[] = sites.map((site) => [site.tensor, lowRank(site, tensors)])
  if (embedding) updates.push([embedding.tensor, embeddingChange(embedding, tensors)])
  const rows = tokenChanges(tensors, settings, base)
  return new Map([
    ...rows,
    ...updates.map(([tensor, update]) => [tensor, inOrder(rows.get(tensor), update)] as const),
    ...savedModules(base, settings).map((s) => [s.tensor, replaced(tensors.get(s.key)!)] as const),
  ])
}
