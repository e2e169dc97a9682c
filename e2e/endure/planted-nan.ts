// Plants NaN or infinity at thirty places: in weights of every format, their scales, norms and tables, in adapter files, and on the GPU
// during a run. The sentence that comes out must name the tensor.
import { messageOf } from '../../src/config/errors'
import { defaults } from '../../src/config/field'
import { sentence } from '../../src/config/phrase'
import { defaultTraining } from '../../src/config/run-config'
import { nodeGpu } from '../../src/cli/node/node-gpu'
import { readAdapter } from '../../src/export/adapter'
import { MemorySource } from '../../src/formats/memory-source'
import type { ModelFile, TensorEntry } from '../../src/formats/model-file'
import type { WeightFormatId } from '../../src/formats/quant/format-id'
import { Gpu } from '../../src/gpu/gpu'
import { randomModel } from '../../src/models/random-model'
import { type LoadedModel, loadModel } from '../../src/peft/loaded-model'
import { methodNamed } from '../../src/peft/registry'
import { loraFolder } from '../../src/testing/lora-file'
import { microBatch } from '../../src/testing/golden'
import { release } from '../../src/tensor/program'
import type { Tensor } from '../../src/tensor/tensor'
import { Control } from '../../src/train/control'
import { oddTensor } from '../../src/train/odd-tensor'
import { type Run, endRun, planRun, startRun } from '../../src/train/run'
import { train } from '../../src/train/trainer'
import type { EndureOptions, EndurePart, EndureResult } from './part'

interface Place {
  /** In words, with the tensor's name. */
  what: string
  tensor: string
  /** Plants it, and gives the sentence that comes out. */
  said(gpu: Gpu): Promise<string>
}

const layer = 'model.layers.0'
const q = `${layer}.self_attn.q_proj.weight`
const shape = { family: 'llama', layers: 1, hidden: 256, intermediate: 256, heads: 8, kvHeads: 8, vocab: 64, context: 64 }

/** The bits of NaN and of infinity, little-endian, in the three kinds of numbers that files have. */
const bits = { f32: { nan: [0, 0, 0xc0, 0x7f], inf: [0, 0, 0x80, 0xff] }, f16: { nan: [0, 0x7e], inf: [0, 0x7c] }, bf16: { nan: [0xc0, 0x7f], inf: [0x80, 0x7f] } } // prettier-ignore

function planted(file: ModelFile, tensor: string, at: number, bytes: readonly number[]): ModelFile {
  const entry = file.tensors.get(tensor)!
  const changed: TensorEntry = {
    ...entry,
    async readRows(first, count) {
      const rows = (await entry.readRows(first, count)).slice()
      // In the third row, or in a vector.
      const row = entry.shape.length > 1 ? 2 : 0
      if (first <= row && row < first + count) rows.set(bytes, ((row - first) * rows.length) / count + at)
      return rows
    },
  }
  return { ...file, tensors: new Map(file.tensors).set(tensor, changed) }
}

const outcome = (act: Promise<unknown>): Promise<string> => act.then(() => 'nothing', messageOf)

/** While a model is loaded: `at` bytes into a row. */
function loading(
  format: WeightFormatId,
  base: 'native' | 'f16' | 'nf4' | 'nf4-dq',
  at: number,
  bytes: readonly number[],
  tensor = q,
): Place {
  return {
    what: `${format} loaded as ${base}, byte ${at} of ${tensor}`,
    tensor: `${tensor}, row ${tensor.includes('norm') ? 0 : 2}:`,
    async said(gpu) {
      const model = planted(randomModel('planted', shape, { format }), tensor, at, bytes)
      const before = gpu.bytes
      const said = await outcome(loadModel(gpu, model, base))
      return gpu.bytes === before ? said : `${said} (and ${gpu.bytes - before} bytes stay on the GPU)`
    },
  }
}

/** In an adapter's file. */
function inAdapter(half: 'A' | 'B', value: number): Place {
  const module = `${layer}.self_attn.q_proj`
  const tensor = `base_model.model.${module}.lora_${half}.weight`
  return {
    what: `${value} in an adapter's ${half}`,
    tensor,
    async said(gpu) {
      const { model, free } = await opened(gpu, 'f32')
      const [config, weights] = loraFolder(model.base, { config: { target_modules: ['q_proj'] }, modules: { [module]: 2 } })
      const bytes = await weights.read(0, weights.sizeBytes)
      const start = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true))
      const offsets = JSON.parse(new TextDecoder().decode(bytes.subarray(8, start))) as Record<string, { data_offsets: [number, number] }>
      new DataView(bytes.buffer).setFloat32(start + offsets[tensor].data_offsets[0] + 4, value, true)
      const said = await outcome(readAdapter([config, new MemorySource(weights.name, bytes)], model.base))
      free()
      return said
    },
  }
}

async function opened(
  gpu: Gpu,
  base: 'f32' | 'native' | 'nf4',
  format: WeightFormatId = 'f32',
): Promise<{ model: LoadedModel; free(): void }> {
  const model = await loadModel(gpu, randomModel('planted', shape, { format }), base)
  return { model, free: () => release(gpu, model.plan.slots) }
}

const ids = Array.from({ length: 16 }, (_, i) => (i * 7) % shape.vocab)
const batch = microBatch({ input_ids: [ids], attention_mask: [ids.map(() => 1)], labels: [ids] })
const batches = { count: 6, rows: 6, padded: () => batch.length, epochs: () => 0, get: () => [batch] }
/** The step during which a number is planted. */
const plantedAfter = 2

/** During a run of LoRA: `plant` changes what is on the GPU after the second step. */
function inRun(
  what: string,
  tensor: string,
  base: 'f32' | 'native' | 'nf4',
  plant: (gpu: Gpu, run: Run) => void,
  format: WeightFormatId = 'f32',
): Place {
  return {
    what,
    tensor,
    async said(gpu) {
      const { model, free } = await opened(gpu, base, format)
      const method = methodNamed('lora')
      const training = defaultTraining({ batchSize: 1, maxLength: 16, steps: 6, evalEvery: 0 })
      const settings = { ...defaults(method.fields), targetModules: 'q_proj' }
      const run = await planRun({ profile: gpu.profile, model, method, settings, training, trainLengths: [16], evalLengths: [], steps: 6 })
      await startRun(gpu, run)
      let taken = 0
      const { failure } = await train({
        gpu,
        session: run.session,
        training,
        steps: 6,
        train: batches,
        evaluation: { ...batches, count: 0, rows: 0 },
        control: new Control(),
        findOdd: (micro, step) => oddTensor(gpu, run, micro, step),
        events: {
          onStep: ({ step }) => {
            taken = step
            if (step === plantedAfter) plant(gpu, run)
          },
          onEval: () => undefined,
        },
      })
      await endRun(gpu, run)
      free()
      if (!failure) return 'nothing'
      // The step that is under way when the number is planted does not see it; a state is seen by the step after the one that reads it.
      return taken > plantedAfter + 2 ? `too late: ${taken - plantedAfter} steps` : sentence(failure.phrase)
    },
  }
}

/** Writes a number into a tensor's own buffer, `at` bytes from its start. */
function write(gpu: Gpu, { space, offset }: Tensor, at: number, value: number): void {
  if (space.kind === 'slot') gpu.device.queue.writeBuffer(space.slot.buffer!, offset + at, Float32Array.of(value))
}

const matrix = (run: Run, name: string) => run.plan.model.plan.matrices.get(name)!.parts[0]
const loraB = `base_model.model.${layer}.self_attn.q_proj.lora_B.weight`
const { f32, f16, bf16 } = bits

const places: readonly Place[] = [
  loading('f32', 'native', 40, f32.nan),
  loading('f32', 'native', 40, f32.inf),
  loading('f32', 'f16', 40, f32.nan),
  loading('f32', 'nf4', 40, f32.nan),
  loading('f32', 'nf4-dq', 40, f32.inf),
  loading('f16', 'native', 10, f16.nan),
  loading('f16', 'nf4', 10, f16.inf),
  loading('bf16', 'native', 10, bf16.nan),
  loading('bf16', 'nf4', 10, bf16.inf),
  loading('q4_0', 'native', 18, f16.nan),
  loading('q4_1', 'native', 20, f16.inf),
  loading('q4_1', 'native', 22, f16.nan),
  loading('q5_0', 'native', 0, f16.nan),
  loading('q5_1', 'native', 26, f16.inf),
  loading('q8_0', 'native', 34, f16.nan),
  loading('q8_0', 'nf4', 34, f16.nan),
  loading('q4_k', 'native', 0, f16.nan),
  loading('q4_k', 'native', 2, f16.inf),
  loading('q5_k', 'native', 2, f16.nan),
  loading('q6_k', 'native', 208, f16.nan),
  loading('f32', 'native', 40, f32.nan, 'model.norm.weight'),
  loading('f32', 'nf4', 40, f32.inf, 'model.embed_tokens.weight'),
  inAdapter('A', NaN),
  inAdapter('B', -Infinity),
  inRun('NaN in a value of the adapter', loraB, 'f32', (gpu, run) => write(gpu, run.parameters.tensor(loraB), 8, NaN)),
  inRun("infinity in AdamW's mean", loraB, 'f32', (gpu, run) => {
    const { states, values } = run.parameters.groups[0]
    const { space, offset } = run.parameters.tensor(loraB)
    if (space.kind === 'slot' && space.slot === values) gpu.device.queue.writeBuffer(states[0].buffer!, offset, Float32Array.of(Infinity))
  }),
  inRun('NaN in a weight of the base', q, 'f32', (gpu, run) => write(gpu, matrix(run, q).tensor, 40, NaN)),
  inRun('NaN as the scale of an NF4 block', q, 'nf4', (gpu, run) => write(gpu, matrix(run, q).tensor, (256 * 256) / 2, NaN)),
  inRun(
    'infinity in a norm',
    'model.norm.weight',
    'native',
    (gpu, run) => write(gpu, run.plan.model.plan.vectors.get('model.norm.weight')!, 4, Infinity),
    'q8_0',
  ),
  inRun('NaN in the embedding', 'model.embed_tokens.weight', 'f32', (gpu, run) =>
    write(gpu, matrix(run, 'model.embed_tokens.weight').tensor, 7 * 256 * 4, NaN),
  ),
]

async function run({ count, seed, report }: EndureOptions): Promise<EndureResult> {
  const gpu = await Gpu.open(await nodeGpu())
  const failures: { case: number; problem: string }[] = []
  // Seed 1, which is the usual one, begins with the places on the GPU.
  const first = (place: number): Place => places[(places.length - (place % places.length)) % places.length]!
  for (let i = 0; i < count; i++) {
    const { what, tensor, said } = first(seed + i)
    const got = await said(gpu)
    if (!got.includes(tensor)) failures.push({ case: i, problem: `${what}: expected a sentence about ${tensor}, got ${got}` })
    report(i + 1)
  }
  gpu.destroy()
  return { figures: [`${count - failures.length} of ${count} named`], failures }
}

export const part: EndurePart = {
  name: 'planted-nan',
  shows: 'NaN or infinity in a weight, a scale, an adapter or a buffer is named while loading or when a step fails',
  unit: 'places',
  counts: { sample: 8, usual: 30, long: 30 },
  needs: 'gpu',
  run,
}
