import { describe, it } from 'vitest'
import { checkOp } from '../testing/check-op'
import { testGpus } from '../testing/device'
import { integers, normals } from '../testing/random'
import { weightFormat } from '../formats/quant/registry'
import { embeddingReference, virtualTokensReference } from '../testing/reference/embedding'
import { embedding, virtualTokens } from './embedding'
import { trainableWeight } from './weight'

const gpus = testGpus()

it('a table that begins two rows early, with its gradient', async () => {
  const [positions, rows, width] = [20, 11, 12]
  const ids = integers(30, positions, rows - 2)
  await checkOp(gpus, {
    inputs: {
      ids: { shape: [positions], values: ids },
      table: { shape: [rows, width], values: normals(31, rows * width), gradient: 'parameter' },
    },
    record: (r, { ids, table }) => embedding(r, ids, trainableWeight(table), 1, 2),
    reference: ({ table }) =>
      embeddingReference(
        ids.map((id) => id + 2),
        table,
        width,
        1,
      ),
  })
})

describe('embedding', () => {
  for (const [positions, vocab, width, scale] of [
    [1, 5, 4, 1],
    [63, 127, 12, 1],
    [65, 130, 68, 0.25],
    [9, 49, 18, 2],
  ])
    it(`${positions} ids of ${vocab}, ${width} wide, in one and in two parts, ids beyond give 0`, async () => {
      const ids = integers(30, positions, vocab)
      ids[0] = vocab - 1
      ids[positions - 1] = positions > 1 ? vocab + 3 : 0
      const table = normals(31, vocab * width)
      const cut = Math.min(32, vocab - 1)
      const weight = { name: 'table', shape: [vocab, width] as const, format: 'f32' as const, reader: weightFormat('f32').reader(width) }
      const input = { shape: [positions], values: ids }
      const reference = () => embeddingReference(ids, table, width, scale)
      await checkOp(gpus, {
        inputs: { ids: input, table: { shape: [vocab, width], values: table } },
        record: (r, { ids, table }) => embedding(r, ids, { ...weight, parts: [{ firstRow: 0, rows: vocab, tensor: table }] }, scale),
        reference,
      })
      await checkOp(gpus, {
        inputs: {
          ids: input,
          first: { shape: [cut, width], values: table.slice(0, cut * width) },
          second: { shape: [vocab - cut, width], values: table.slice(cut * width) },
        },
        record: (r, { ids, first, second }) =>
          embedding(
            r,
            ids,
            {
              ...weight,
              parts: [
                { firstRow: 0, rows: cut, tensor: first },
                { firstRow: cut, rows: vocab - cut, tensor: second },
              ],
            },
            scale,
          ),
        reference,
      })
    })
})

describe('embedding of a trained table', () => {
  for (const [positions, vocab, width, scale] of [
    [1, 5, 4, 1],
    [63, 7, 12, 0.5],
    [130, 130, 68, 1],
    [9, 7, 37, 2],
  ])
    it(`${positions} ids of ${vocab}, ${width} wide, ids beyond and ids that repeat`, async () => {
      const ids = integers(37, positions, vocab)
      if (positions > 1) ids[1] = vocab + 2
      await checkOp(gpus, {
        inputs: {
          ids: { shape: [positions], values: ids },
          table: { shape: [vocab, width], values: normals(38, vocab * width), gradient: 'parameter' },
        },
        record: (r, { ids, table }) => embedding(r, ids, trainableWeight(table), scale),
        reference: ({ table }) => embeddingReference(ids, table, width, scale),
      })
    })
})

describe('virtualTokens', () => {
  for (const [batch, length, tokens, width] of [
    [1, 1, 1, 4],
    [3, 9, 5, 12],
    [2, 65, 20, 68],
    [2, 7, 3, 18],
  ])
    it(`${tokens} in front of ${batch} rows of ${length}, ${width} wide`, async () => {
      const vocab = 50
      const ids = integers(32, batch * length, vocab).map((id, m) => (m % length < tokens ? vocab + (m % length) : id))
      const shape = [batch * length, width]
      await checkOp(gpus, {
        inputs: {
          x: { shape, values: normals(33, shape[0] * width) },
          prompt: { shape: [tokens, width], values: normals(34, tokens * width), gradient: 'parameter' },
          ids: { shape: [batch * length], values: ids },
        },
        record: (r, { x, prompt, ids }) => virtualTokens(r, x, ids, prompt, vocab, batch),
        reference: ({ x, prompt }) => virtualTokensReference(x, ids, prompt, width, vocab),
      })
    })

  it('with a padding row whose ids are ordinary ones', async () => {
    const ids = new Uint32Array([50, 51, 1, 2, 0, 0, 0, 0])
    await checkOp(gpus, {
      inputs: {
        x: { shape: [8, 4], values: normals(35, 32) },
        prompt: { shape: [2, 4], values: normals(36, 8), gradient: 'parameter' },
        ids: { shape: [8], values: ids },
      },
      record: (r, { x, prompt, ids }) => virtualTokens(r, x, ids, prompt, 50, 2),
      reference: ({ x, prompt }) => virtualTokensReference(x, ids, prompt, 4, 50),
    })
  })
})
