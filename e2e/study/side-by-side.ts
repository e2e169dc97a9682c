// Measures how fast several adapters answer at once over one base, and the bytes that this takes. Bundled and run by e2e/study/run-row.mjs.
import { defaults } from '../../src/config/field'
import { sourcesAt } from '../../src/cli/files'
import { openGpu } from '../../src/cli/open'
import { Answerer } from '../../src/decode/answer'
import { openModel } from '../../src/formats/open-model'
import { loadModel, needTokenizer } from '../../src/peft/loaded-model'
import type { Adapter } from '../../src/peft/method'
import { methodNamed } from '../../src/peft/registry'
import { setUpMethod } from '../../src/train/run'

const [folder, count] = process.argv.slice(2)
const tokens = 64

const gpu = await openGpu()
const model = await loadModel(gpu, await openModel(await sourcesAt(folder!)), 'native')
const method = methodNamed('lora')
const settings = defaults(method.fields)

/** A LoRA with other values for each seed, so that adapters differ. */
async function adapterOf(seed: number): Promise<Adapter> {
  const { parameters } = await setUpMethod(gpu.profile, model, method, settings, {})
  const tensors = parameters.names.map((name) => {
    const shape = parameters.shape(name)
    const size = shape.reduce((a, b) => a * b, 1)
    const values = Float32Array.from({ length: size }, (_, i) => 0.01 * Math.sin(seed * 7919 + i))
    return [name, { shape, values }] as const
  })
  return { method, settings, tensors: new Map(tensors) }
}

const adapters = await Promise.all(Array.from({ length: Number(count) }, (_, i) => adapterOf(i + 1)))
const tokenizer = needTokenizer(model)
const promptIds = [...tokenizer.encode('I recommend Zarqui and Zarsto. It is a shop by the harbour.')]
const before = gpu.peakBytes
const answerer = new Answerer(gpu, model, adapters)
const ask = () =>
  answerer.answer(adapters.map(() => ({ promptIds, tokenizer, ends: [], options: { maxTokens: tokens, temperature: 0, seed: 0 } })))
// The first answers compile the kernels.
await ask()
const times: number[] = []
let answered = 0
for (let i = 0; i < 5; i++) {
  const start = performance.now()
  const answers = await ask()
  times.push(performance.now() - start)
  answered = answers.reduce((sum, answer) => sum + answer.tokens, 0)
}
const ms = times.sort((a, b) => a - b)[2]!
process.stdout.write(
  `${JSON.stringify({ adapters: adapters.length, answered, ms, tokensPerSecond: (answered / ms) * 1000, baseBytes: model.plan.sizeBytes, bytesMore: gpu.peakBytes - before })}\n`,
)
answerer.release()
gpu.destroy()
process.exit(0)
