import { expect, it } from 'vitest'
import { Recorder } from '../tensor/recorder'
import { testGpus } from '../testing/device'
import { randomNumbers } from '../testing/random'
import { held, runRecorded } from '../testing/run-recorded'
import { stepState } from '../testing/step-state'
import { tapeKernels } from './add'
import { countRight } from './count-right'

const gpus = testGpus()

it('the highest score counts, and the first of equal ones, of the supervised rows only; a row with NaN is not right', async () => {
  const [rows, classes, stride, first] = [131, 5, 8, 2]
  const random = randomNumbers(7)
  const supervised = first + rows - 1
  // Few different values, so that many rows have equal scores. Behind the classes there is anything.
  const scores = Float32Array.from({ length: rows * stride }, (_, i) => (i % stride < classes ? Math.floor(random() * 3) : 9))
  // The row is right only as long as its score is a number, and so are those that it is compared with.
  scores.fill(9, 0, stride)
  scores[4] = NaN
  scores.fill(NaN, stride, 2 * stride)
  const targets = Int32Array.from({ length: first + rows }, () => Math.floor(random() * classes))
  const order = Uint32Array.from({ length: first + rows }, (_, i) => first + rows - 1 - i)
  const best = (row: number) => {
    const own = [...scores.subarray(row * stride, row * stride + classes)]
    return own.some(Number.isNaN) ? -1 : own.indexOf(Math.max(...own))
  }
  targets[order[first]] = 0
  targets[order[first + 1]] = 0
  let expected = 0
  for (let row = 0; first + row < supervised; row++) if (best(row) === targets[order[first + row]]) expected++
  for (const { name, gpu } of gpus) {
    const r = new Recorder(gpu.profile, tapeKernels)
    const [rowsHeld, targetsHeld] = [held('rows', [order.length], order), held('targets', [targets.length], targets)]
    const state = stepState({ supervised })
    const [stateHeld, scored, metrics] = [
      held('state', [state.length], state),
      held('scores', [rows, stride], scores),
      held('metrics', [8], new Float32Array(8)),
    ]
    const inputs = { rows: rowsHeld.tensor, targets: targetsHeld.tensor, state: stateHeld.tensor, metrics: metrics.tensor }
    countRight(r, inputs, scored.tensor, { first, rows, classes })
    const read = await runRecorded(gpu, r.launches, [rowsHeld, targetsHeld, stateHeld, scored, metrics], 'planned', supervised)
    expect([...read(metrics.tensor)], name).toEqual([0, 0, 0, 0, expected, 0, 0, 0])
  }
})
