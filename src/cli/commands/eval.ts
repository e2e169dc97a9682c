// tabtune eval: loss and perplexity of a base, or of an adapter on it, over a dataset.
import { parseTraining } from '../../config/run-config'
import { lora } from '../../peft/lora'
import { Session, stateSlot } from '../../train/session'
import { planRunBatches } from '../../train/batches'
import { setUpMethod } from '../../train/run'
import { Parameters } from '../../tensor/parameters'
import { openAdapter, openGpu, openLoaded, openRows } from '../open'
import type { Options } from '../options'
import { progressBar } from '../progress'
import { reportExactMatch } from './exact-match'

export async function evaluate(options: Options): Promise<void> {
  const gpu = await openGpu()
  const model = await openLoaded(gpu, options)
  const adapter = await openAdapter(model, options.text('adapter'))
  const method = adapter ? await setUpMethod(gpu.profile, model, adapter.method, adapter.settings, { initial: adapter.tensors }) : { hooks: {}, parameters: new Parameters(false, gpu.profile.maxBindingBytes), state: stateSlot() }
  const room = model.file.config.context - (method.hooks.virtualTokens ?? 0)
  const training = parseTraining({ maxLength: options.number('length') ?? room, batchSize: options.number('batch') ?? 4, steps: 1 }, lora.training)
  const all = await openRows(model, options, training.maxLength, 0, 0)
  const rows = { ...all, eval: all.train }
  const batches = planRunBatches(rows, training)
  const session = new Session({ profile: gpu.profile, base: model.plan, hooks: method.hooks, parameters: method.parameters, training, trainLengths: [], evalLengths: batches.evalLengths, state: method.state })
  await session.prepare(gpu)
  const loss = await session.evaluate(gpu, batches.evaluation, progressBar('evaluating'))
  session.release(gpu)
  let tokens = 0
  for (let i = 0; i < batches.evaluation.count; i++) tokens += batches.evaluation.get(i).supervised
  const match = options.flag('exact-match') ? await reportExactMatch(gpu, model, adapter, rows, 0) : undefined
  process.stdout.write(`${JSON.stringify({ loss, perplexity: Math.exp(loss), tokens, ...(match && { exactMatch: match.exactMatch, rows: match.rows }) })}\n`)
  gpu.destroy()
}
