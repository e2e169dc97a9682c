import { describe, expect, it } from 'vitest'
import { Recorder } from '../tensor/recorder'
import { checkOp, type OpInput } from '../testing/check-op'
import { assertClose, backwardTolerance, forwardTolerance } from '../testing/closeness'
import { testGpus } from '../testing/device'
import { normals, randomNumbers } from '../testing/random'
import { headLossReference } from '../testing/reference/cross-entropy'
import { matmulReference } from '../testing/reference/matmul'
import { held, runRecorded } from '../testing/run-recorded'
import { stepState } from '../testing/step-state'
import { tapeKernels } from './add'
import { headLoss, logitRows } from './cross-entropy'
import { trainableWeight } from './weight'

const gpus = testGpus()

/** Targets at `supervised` of the positions, and the tables that the op reads. */
function lossInputs(positions: number, vocab: number, supervised: number, seed = 40) {
  const random = randomNumbers(seed)
  const order = Array.from({ length: positions }, (_, m) => ({ m, by: random() })).sort((a, b) => a.by - b.by)
  const trained = order
    .slice(0, supervised)
    .map(({ m }) => m)
    .sort((a, b) => a - b)
  const targets = new Int32Array(positions).fill(-1)
  const rows = new Uint32Array(positions)
  const place = new Uint32Array(positions).fill(0xffffffff)
  trained.forEach((m, i) => {
    targets[m] = i === 0 ? vocab - 1 : Math.floor(random() * vocab)
    rows[i] = m
    place[m] = i
  })
  const scale = 1 / Math.max(1, supervised)
  const one = (values: OpInput['values']): OpInput => ({ shape: [values.length], values })
  return {
    targets,
    scale,
    tables: {
      rows: one(rows),
      place: one(place),
      targets: one(targets),
      state: one(stepState({ lossScale: scale, supervised })),
      metrics: one(new Float32Array(8)),
    },
  }
}

async function checkHeadLoss(
  positions: number,
  width: number,
  vocab: number,
  supervised: number,
  trainHead: boolean,
  cap = 0,
): Promise<void> {
  const { targets, scale, tables } = lossInputs(positions, vocab, supervised)
  const head: OpInput = { shape: [vocab, width], values: normals(41, vocab * width, 0.5) }
  await checkOp(gpus, {
    inputs: {
      ...tables,
      hidden: { shape: [positions, width], values: normals(42, positions * width), gradient: 'activation' },
      head: trainHead ? { ...head, gradient: 'parameter' } : head,
    },
    record(r, { hidden, head, ...tables }) {
      const weight = trainableWeight(head)
      headLoss(r, hidden, trainHead ? weight : { ...weight, trainable: undefined }, tables, true, { cap })
      return tables.metrics
    },
    reference: ({ hidden, head }) => Float64Array.of(headLossReference(hidden, head, width, targets, scale, cap)),
    isLoss: true,
    supervised,
  })
}

describe('headLoss', () => {
  for (const [positions, width, vocab, supervised] of [
    [1, 4, 5, 1],
    [9, 12, 127, 4],
    [65, 20, 128, 65],
    [67, 68, 130, 40],
  ]) {
    it(`${supervised} of ${positions} positions, ${width} wide, vocabulary ${vocab}`, () =>
      checkHeadLoss(positions, width, vocab, supervised, false))
    it(`${supervised} of ${positions} positions, ${width} wide, vocabulary ${vocab}, training the head`, () =>
      checkHeadLoss(positions, width, vocab, supervised, true))
  }

  for (const cap of [0.8, 30]) it(`logits soft-capped at ${cap}`, () => checkHeadLoss(9, 12, 127, 7, true, cap))

  it('nothing supervised: loss 0 and no gradient', () => checkHeadLoss(6, 12, 127, 0, true))

  // With 65,540 tokens a tile has 64 rows. The gradient is compared with (softmax − onehot) · head, because finite differences would be slow at this size.
  for (const supervised of [40, 66])
    it(`${supervised} rows in tiles of 64`, async () => {
      const [positions, width, vocab] = [70, 4, 65_540]
      expect(logitRows({ logitBytes: 2 ** 24 }, positions, vocab)).toBe(64)
      const { targets, scale, tables } = lossInputs(positions, vocab, supervised)
      const hidden = normals(43, positions * width)
      const head = normals(44, vocab * width, 0.5)
      const expected = new Float64Array(positions * width)
      for (let m = 0; m < positions; m++) {
        if (targets[m] < 0) continue
        const powers = matmulReference(Float64Array.from(hidden.subarray(m * width, (m + 1) * width)), head, width).map(Math.exp)
        const total = powers.reduce((a, b) => a + b)
        powers.forEach((power, v) => {
          for (let c = 0; c < width; c++)
            expected[m * width + c] += (power / total - (v === targets[m] ? 1 : 0)) * head[v * width + c] * scale
        })
      }
      const loss = headLossReference(Float64Array.from(hidden), Float64Array.from(head), width, targets, scale)
      for (const { name, gpu } of gpus) {
        const r = new Recorder(gpu.profile, tapeKernels)
        const x = held('hidden', [positions, width], hidden)
        const d = held('d hidden', [positions, width], new Float32Array(positions * width))
        const w = held('head', [vocab, width], head)
        x.tensor.requiresGrad = true
        x.tensor.grad = d.tensor
        const [rows, place, targetsHeld, state, metrics] = (['rows', 'place', 'targets', 'state', 'metrics'] as const).map((key) =>
          held(key, tables[key].shape, tables[key].values),
        )
        headLoss(
          r,
          x.tensor,
          { ...trainableWeight(w.tensor), trainable: undefined },
          { rows: rows.tensor, place: place.tensor, targets: targetsHeld.tensor, state: state.tensor, metrics: metrics.tensor },
          true,
        )
        r.backward()
        const read = await runRecorded(gpu, r.launches, [x, d, w, rows, place, targetsHeld, state, metrics], 'planned', supervised)
        assertClose(`loss (${name})`, [read(metrics.tensor)[0]], [loss], forwardTolerance)
        assertClose(`d hidden (${name})`, read(d.tensor), expected, backwardTolerance, [positions, width])
      }
    })
})
