import { describe, it } from 'vitest'
import { checkOp, type OpInput } from '../testing/check-op'
import { testGpus } from '../testing/device'
import { integers, normals } from '../testing/random'
import { headLossReference } from '../testing/reference/cross-entropy'
import { embeddingReference } from '../testing/reference/embedding'
import { stepState } from '../testing/step-state'
import { headLoss } from './cross-entropy'
import { embedding } from './embedding'
import { embedTokenRows, tokenLogits, tokenTable } from './token-rows'
import { trainableWeight } from './weight'

const gpus = testGpus()
const one = (values: OpInput['values']): OpInput => ({ shape: [values.length], values })
const listed = (ids: readonly number[]): OpInput => ({ shape: [ids.length, 2], values: tokenTable(ids) })

/** The table [V, C] with `rows` in the places of `ids`, which may be after its last row. */
function patched(table: Float64Array | Float32Array, ids: readonly number[], rows: Float64Array, width: number): Float64Array {
  const out = new Float64Array(Math.max(table.length, (Math.max(...ids) + 1) * width))
  out.set(table)
  ids.forEach((id, j) => out.set(rows.subarray(j * width, (j + 1) * width), id * width))
  return out
}

describe('rows of single tokens', () => {
  for (const [positions, vocab, width, tokens, scale] of [
    [1, 5, 4, [5], 1],
    [63, 9, 12, [10, 3, 9], 0.5],
    [130, 65, 68, [0, 66, 64, 65, 7], 3],
  ] as const)
    it(`in the embedding: ${positions} ids of ${vocab}, ${width} wide, tokens ${tokens.join(' ')}`, async () => {
      const ids = integers(61, positions, vocab + 2)
      tokens.forEach((id, i) => (ids[(2 * i) % positions] = id))
      const table = normals(62, vocab * width)
      await checkOp(gpus, {
        inputs: {
          ids: one(ids),
          tokens: listed(tokens),
          table: { shape: [vocab, width], values: table },
          rows: { shape: [tokens.length, width], values: normals(63, tokens.length * width), gradient: 'parameter' },
        },
        record: (r, { ids, tokens, table, rows }) =>
          embedTokenRows(r, embedding(r, ids, { ...trainableWeight(table), trainable: undefined }, scale), ids, { tokens, rows }, scale),
        reference: ({ rows }) => embeddingReference(ids, patched(table, tokens, rows, width), width, scale),
      })
    })

  for (const [positions, vocab, width, tokens, trainHead] of [
    [1, 5, 4, [5], false],
    [9, 127, 12, [128, 3, 127], false],
    [67, 130, 20, [7, 130, 131, 132, 0], true],
  ] as const)
    it(`in the head's loss: ${positions} positions, vocabulary ${vocab}, tokens ${tokens.join(' ')}${trainHead ? ', training the head' : ''}`, async () => {
      const all = Math.max(vocab, Math.max(...tokens) + 1)
      const targets = Int32Array.from(integers(64, positions, all))
      tokens.forEach((id, i) => (targets[(3 * i) % positions] = id))
      const order = Uint32Array.from({ length: positions }, (_, m) => m)
      const scale = 1 / positions
      const head: OpInput = { shape: [vocab, width], values: normals(65, vocab * width, 0.5) }
      await checkOp(gpus, {
        inputs: {
          positions: one(order),
          targets: one(targets),
          state: one(stepState({ lossScale: scale, supervised: positions })),
          metrics: one(new Float32Array(8)),
          tokens: listed(tokens),
          hidden: { shape: [positions, width], values: normals(66, positions * width), gradient: 'activation' },
          rows: { shape: [tokens.length, width], values: normals(67, tokens.length * width), gradient: 'parameter' },
          head: trainHead ? { ...head, gradient: 'parameter' } : head,
        },
        record(r, { positions, targets, state, metrics, tokens, hidden, rows, head }) {
          const weight = trainableWeight(head)
          headLoss(
            r,
            hidden,
            trainHead ? weight : { ...weight, trainable: undefined },
            { rows: positions, place: positions, targets, state, metrics },
            true,
            { change: { vocab: all, alter: (r, x, logits) => tokenLogits(r, x, { tokens, rows }, logits) } },
          )
          return metrics
        },
        reference: ({ hidden, rows, head }) =>
          Float64Array.of(headLossReference(hidden, patched(head, tokens, rows, width), width, targets, scale)),
        isLoss: true,
        supervised: positions,
      })
    })
})
