// The workload in TabTune: the session that `tabtune train --method full` runs, on the same folder.
import { defaults } from '../../src/config/field'
import { defaultTraining } from '../../src/config/run-config'
import { sourcesAt } from '../../src/cli/files'
import { openGpu } from '../../src/cli/open'
import type { MicroBatch } from '../../src/data/micro-batch'
import { openModel } from '../../src/formats/open-model'
import { methodNamed } from '../../src/peft/registry'
import { loadModel } from '../../src/peft/loaded-model'
import { planRun, startRun } from '../../src/train/run'
import { serve } from './child.mjs'
import { tokens, workloadNamed } from './workloads.mjs'

const [name, folder] = process.argv.slice(2)

function batchOf(rows: number, length: number, ids: Int32Array, targets: Int32Array): MicroBatch {
  const tokens = rows * length
  return {
    rows,
    length,
    ids: Uint32Array.from(ids),
    targets: Int32Array.from(targets),
    positions: Uint32Array.from({ length: tokens }, (_, i) => i % length),
    first: new Uint32Array(tokens),
    supervised: tokens,
    tokens,
  }
}

async function start() {
  const w = workloadNamed(name)
  const gpu = await openGpu()
  const model = await loadModel(gpu, await openModel(await sourcesAt(folder)), 'native')
  const method = methodNamed('full')
  const run = await planRun({
    profile: gpu.profile,
    model,
    method,
    settings: defaults(method.fields),
    training: defaultTraining({ ...method.training, batchSize: w.batch, maxLength: w.length }),
    trainLengths: [w.length],
    evalLengths: [],
    steps: 1,
  })
  await startRun(gpu, run)
  const { ids, targets } = tokens(w)
  const batch = batchOf(w.batch, w.length, ids, targets)
  let steps = 0
  // A whole optimizer step, with norm, clipping and AdamW. The learning rate is 0, so that losses stay comparable.
  const optimizer = async () => {
    const { loss, gradNorm } = await run.session.step(gpu, [batch], 0, ++steps)
    return { loss, gradNorm }
  }
  return {
    adapter: gpu.name,
    flops: run.session.flops,
    dispatches: run.session.dispatches,
    peakBytes: gpu.peakBytes,
    steps: {
      // Forward and backward pass for all parameters, as in the peers.
      step: async () => ({ loss: await run.session.gradients(gpu, [batch]) }),
      norm: optimizer,
      optimizer,
    },
  }
}

await serve(start)
