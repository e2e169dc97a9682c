// Models with experts end to end: packed experts compute what their numbers compute in f32, the same seed gives the same bits, and files
// with the adapter merged into the experts compute what base and adapter compute.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { defaults } from '../config/field'
import { type BaseFormat, defaultTraining } from '../config/run-config'
import { logitsOf } from '../decode/logits'
import { readAdapter, writeAdapter } from '../export/adapter'
import { type StreamedFile, mergedFolder } from '../export/merge'
import { mergedGguf } from '../export/merge-gguf'
import { readGgufHeader } from '../formats/gguf'
import { MemorySource } from '../formats/memory-source'
import type { ModelFile, TensorEntry } from '../formats/model-file'
import { openModel } from '../formats/open-model'
import { weightFormat } from '../formats/quant/registry'
import type { Gpu } from '../gpu/gpu'
import { loadBase, planBase } from '../models/base-model'
import { randomModel } from '../models/random-model'
import { methodBase } from '../peft/base'
import type { LoadedModel } from '../peft/loaded-model'
import type { Adapter } from '../peft/method'
import { methodNamed } from '../peft/registry'
import { release } from '../tensor/program'
import { assertSameBits } from '../testing/closeness'
import { openTestGpu } from '../testing/device'
import { ggufOf } from '../testing/gguf-from-folder'
import { goldenFolder, largestDifference, microBatch, oracle, present, sourcesOf } from '../testing/golden'
import { inQ4K } from '../testing/random-q4k'
import { endRun, planRun, readRunAdapter, setUpMethod, startRun } from './run'

const ids = Array.from({ length: 10 }, (_, i) => (i * 37 + 5) % 64)
const batch = microBatch({ input_ids: [ids], attention_mask: [ids.map(() => 1)], labels: [ids] })
const targetModules = 'q_proj, o_proj, gate_proj, up_proj, down_proj, w1, w2, w3'

let gpu: Gpu
beforeAll(async () => {
  gpu = await openTestGpu()
})
afterAll(() => gpu.destroy())

async function loaded(file: ModelFile, base: BaseFormat, maxBindingBytes = gpu.profile.maxBindingBytes): Promise<LoadedModel> {
  const plan = planBase(file, base, maxBindingBytes)
  await loadBase(gpu, plan)
  return { file, plan, base: methodBase(plan, undefined), tokenizer: undefined }
}

/** Those of `targetModules` that a family has. */
function targetsOf({ base }: LoadedModel): string {
  const all = [...base.sites.keys(), ...base.named.keys()]
  return targetModules
    .split(', ')
    .filter((name) => all.some((site) => site.endsWith(`.${name}`)))
    .join(', ')
}

/** LoRA on attention and experts after some steps, with the gradients of the last one. */
async function trained(
  model: LoadedModel,
  steps = 2,
): Promise<{ adapter: Adapter; losses: number[]; gradients: Map<string, Float32Array> }> {
  const method = methodNamed('lora')
  const run = await planRun({
    profile: gpu.profile,
    model,
    method,
    settings: { ...defaults(method.fields), r: 4, targetModules: targetsOf(model) },
    training: defaultTraining({ batchSize: 1, maxLength: batch.length, seed: 3 }),
    trainLengths: [batch.length],
    evalLengths: [],
    steps,
  })
  await startRun(gpu, run)
  const losses: number[] = []
  for (let step = 1; step <= steps; step++) losses.push((await run.session.step(gpu, [batch], 0.02, step)).loss)
  const gradients = await run.parameters.read(gpu, 'gradients')
  const adapter = await readRunAdapter(gpu, run)
  await endRun(gpu, run)
  return { adapter, losses, gradients }
}

const untouched = ({ plan }: LoadedModel) => logitsOf(gpu, plan, {}, undefined, ids)

async function withAdapter(model: LoadedModel, { method, settings, tensors }: Adapter): Promise<Float32Array> {
  const { hooks, parameters } = await setUpMethod(gpu.profile, model, method, settings, { initial: tensors })
  return logitsOf(gpu, model.plan, hooks, parameters, ids)
}

/** The file with every matrix in f32, as the kernels' readers give its values. */
async function unpackedFile({ file, plan, base }: LoadedModel): Promise<ModelFile> {
  const tensors = new Map<string, TensorEntry>(file.tensors)
  for (const [name, entry] of file.tensors) {
    if (!plan.matrices.has(name) && !plan.experts.has(name)) continue
    const cols = entry.shape[1]!
    const bytes = new Uint8Array((await base.unpacked(gpu, name)).buffer)
    const readRows = async (first: number, rows: number) => bytes.slice(first * cols * 4, (first + rows) * cols * 4)
    tensors.set(name, { name, shape: entry.shape, format: 'f32', sizeBytes: bytes.length, readRows })
  }
  return { ...file, tensors }
}

const values = async (entry: TensorEntry) =>
  weightFormat(entry.format).decode(await entry.readRows(0, entry.shape[0]!), entry.shape[0]! * entry.shape[1]!)

/** The root of the mean square of a − b, as a share of b's. */
function relative(a: Float32Array, b: Float32Array): number {
  const square = (v: Float32Array) => v.reduce((sum, x) => sum + x * x, 0)
  return Math.sqrt(square(a.map((x, i) => x - b[i]!)) / square(b))
}

function randomMoe(width: number): ModelFile {
  return randomModel('random', {
    family: 'qwen3moe',
    layers: 1,
    hidden: width,
    intermediate: width,
    heads: width / 32,
    kvHeads: 1,
    vocab: 64,
    context: 64,
    raw: { num_experts: 3, num_experts_per_tok: 2, moe_intermediate_size: width === 64 ? 32 : width },
  })
}

describe('packed experts', () => {
  // The first case has several buffers for the experts of a block.
  test.each([
    ['nf4', 64, 3400],
    ['nf4-dq', 64, undefined],
    ['q8_0', 64, undefined],
    ['q4_k', 256, undefined],
  ] as const)('%s: logits and gradients of the same numbers in f32', { timeout: 120_000 }, async (format, width, maxBindingBytes) => {
    const file = format === 'q4_k' ? inQ4K(randomMoe(width)) : randomMoe(width)
    const model = await loaded(file, format === 'q4_k' ? 'native' : format, maxBindingBytes)
    const unpacked = await unpackedFile(model)
    for (const [name, { stack }] of model.plan.experts) {
      const { format: packed, parts } = model.plan.matrices.get(stack)!
      expect(packed).toBe(format)
      if (maxBindingBytes) expect(parts.length).toBeGreaterThan(1)
      // Each expert has its own numbers, not those of its neighbour.
      expect(relative(await values(unpacked.tensors.get(name)!), await values(file.tensors.get(name)!)), name).toBeLessThan(0.15)
    }
    const plain = await loaded(unpacked, 'f32')
    const [got, want] = [await untouched(model), await untouched(plain)]
    expect(largestDifference(got, want)).toBeLessThan(1e-5)
    const [packed, twin] = [await trained(model), await trained(plain)]
    expect([...packed.gradients.keys()]).toEqual([...twin.gradients.keys()])
    for (const [name, gradient] of packed.gradients) {
      const of = twin.gradients.get(name)!
      if (of.some((v) => v !== 0)) expect(relative(gradient, of), name).toBeLessThan(1e-3)
      else
        expect(
          gradient.every((v) => v === 0),
          name,
        ).toBe(true)
    }
    release(gpu, model.plan.slots)
    release(gpu, plain.plan.slots)
  })
})

async function collected(files: readonly StreamedFile[]): Promise<MemorySource[]> {
  const out: MemorySource[] = []
  for (const file of files) {
    const pieces: Uint8Array<ArrayBuffer>[] = []
    for await (const chunk of file.chunks()) pieces.push(chunk)
    const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer())
    expect(bytes.length, file.path).toBe(file.sizeBytes)
    out.push(new MemorySource(`merged/${file.path}`, bytes))
  }
  return out
}

async function logitsOfSources(sources: readonly MemorySource[]): Promise<Float32Array> {
  const model = await loaded(await openModel(sources), 'native')
  const logits = await untouched(model)
  release(gpu, model.plan.slots)
  return logits
}

describe.skipIf(!present(oracle))('LoRA on experts', () => {
  test.each(['qwen3_moe', 'mixtral'])('%s: the same bits twice, and merged as apart', { timeout: 120_000 }, async (name) => {
    const folder = await openModel(sourcesOf(goldenFolder(name)))
    const model = await loaded(folder, 'f32')
    const { adapter, losses } = await trained(model)
    const again = await trained(model)
    expect(again.losses).toEqual(losses)
    for (const [key, { values: first }] of adapter.tensors) assertSameBits(key, again.adapter.tensors.get(key)!.values, first)

    const apart = await withAdapter(model, adapter)
    expect(largestDifference(apart, await untouched(model))).toBeGreaterThan(0.01)
    const files = await writeAdapter(adapter, model.base)
    const read = await readAdapter(
      files.map((f) => new MemorySource(f.path, f.bytes)),
      model.base,
    )
    assertSameBits('logits from the adapter’s files', await withAdapter(model, read), apart)
    expect(largestDifference(await logitsOfSources(await collected(await mergedFolder(model, adapter, 'f32'))), apart)).toBeLessThan(1e-4)
    expect(largestDifference(await logitsOfSources(await collected([await mergedGguf(model, adapter, 'f32')])), apart)).toBeLessThan(1e-4)

    const ofGguf = await loaded(await openModel([new MemorySource('base.gguf', await ggufOf(folder))]), 'f32')
    const [onGguf] = await collected([await mergedGguf(ofGguf, adapter, 'f32')])
    expect(largestDifference(await logitsOfSources([onGguf]), apart)).toBeLessThan(1e-4)

    // adapter.gguf: every A and B of the experts of a block, joined, with the scale folded in as the file's alpha says.
    const gguf = files.find((f) => f.path === 'adapter.gguf')!
    const source = new MemorySource(gguf.path, gguf.bytes)
    const header = await readGgufHeader(source)
    const { experts, names } = model.plan.family.files.experts!
    for (const [half, dimensions] of [
      ['a', [folder.config.hidden, 4, 4]],
      ['b', [4, model.base.named.get(`model.layers.1.${experts}.0.${names.gate}`)![0], 4]],
    ] as const) {
      const tensor = header.tensors.get(`blk.1.ffn_gate_exps.weight.lora_${half}`)!
      expect(tensor.dimensions).toEqual(dimensions)
      const bytes = (await source.read(tensor.offset, tensor.sizeBytes!)).slice()
      const written = new Float32Array(bytes.buffer)
      const each = [0, 1, 2, 3].flatMap((e) => [
        ...adapter.tensors.get(`base_model.model.model.layers.1.${experts}.${e}.${names.gate}.lora_${half.toUpperCase()}.weight`)!.values,
      ])
      expect(Array.from(written)).toEqual(each)
    }
    release(gpu, model.plan.slots)
    release(gpu, ofGguf.plan.slots)
  })
})
