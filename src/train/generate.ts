// Decoding with a key/value cache: one program for a piece of the prompt, one for a single token, recorded once.
import { Cancelled, ShapeError } from '../config/errors'
import type { Gpu } from '../gpu/gpu'
import type { BaseModel } from '../models/base-model'
import type { Hooks, LayerKeys } from '../models/hooks'
import { cacheWrite } from '../ops/cache'
import { gatherRows } from '../ops/gather'
import { tapeKernels } from '../ops/add'
import type { Parameters } from '../tensor/parameters'
import { Arena, Program, allocate, release } from '../tensor/program'
import { Recorder } from '../tensor/recorder'
import { type Slot, type Tensor, slotTensor } from '../tensor/tensor'
import { inputBytes, inputTensors } from './inputs'
import { type Stage, forwardContext, headInto, vocabOf } from './recordings'
import { type RopeTables, ropeTables } from './rope-tables'
import { sampler } from './sampling'

/** Tokens of the prompt taken at once. */
const pieceLength = 64

export interface GenerateOptions {
  maxTokens: number
  /** 0 = the likeliest token. */
  temperature: number
  seed: number
  /** Ids that end the answer. */
  stop: readonly number[]
  signal?: AbortSignal
  /** Gets every token; false = that is enough. */
  onToken?: (id: number) => boolean | void
}

export class Generator {
  private readonly slots: Slot[]
  private readonly programs = new Map<number, Program>()
  private readonly inputs: Slot = { label: 'decoding inputs', purpose: 'inputs', sizeBytes: inputBytes(pieceLength) }
  private readonly at: Slot = { label: 'cache position', purpose: 'inputs', sizeBytes: 4 }
  private readonly logits: Slot
  private readonly readback: Slot
  private readonly rope: RopeTables
  private readonly virtual: number
  private readonly vocab: number

  private readonly prefix: number
  /** Writes the method's prefix into the caches. */
  private readonly begin: Program | undefined

  /** `context` = tokens the cache holds, virtual ones and a prefix among them. */
  constructor(
    private readonly gpu: Gpu,
    base: BaseModel,
    hooks: Hooks,
    private readonly parameters: Parameters | undefined,
    readonly context: number,
  ) {
    const c = base.file.config
    this.virtual = hooks.virtualTokens ?? 0
    this.prefix = hooks.prefixTokens ?? 0
    this.vocab = vocabOf({ base, hooks })
    this.logits = { label: 'logits', purpose: 'activations', sizeBytes: Math.ceil(this.vocab / 4) * 16 }
    this.readback = { label: 'logits readback', purpose: 'readback', sizeBytes: this.logits.sizeBytes }
    this.rope = ropeTables(base, context)
    const width = c.kvHeads * c.headDim
    const caches = Array.from({ length: c.layers * 2 }, (_, i): Slot => ({
      label: `${i % 2 ? 'values' : 'keys'} ${i >> 1}`,
      purpose: 'activations',
      sizeBytes: context * width * 2,
    }))
    const stage: Stage = { profile: gpu.profile, base, hooks, ropeTables: this.rope.tensors }
    const arena = new Arena()
    const cache = (r: Recorder, layer: number, k: Tensor, v: Tensor): LayerKeys => {
      const [keys, values] = [caches[layer * 2], caches[layer * 2 + 1]].map((slot) => slotTensor(slot, [context, width / 2], 'u32'))
      cacheWrite(r, slotTensor(this.at, [1], 'u32'), k, keys)
      cacheWrite(r, slotTensor(this.at, [1], 'u32'), v, values)
      return { k: keys, v: values, keys: context, prefix: this.prefix, halves: true }
    }
    if (hooks.prefix) {
      const r = new Recorder(gpu.profile, tapeKernels)
      hooks.prefix(r).forEach(({ k, v }, layer) => cache(r, layer, k, v))
      this.begin = new Program('prefix', r.launches, arena, gpu.profile.maxBindingBytes)
    }
    for (const length of [1, pieceLength]) {
      const r = new Recorder(gpu.profile, tapeKernels)
      const inputs = inputTensors(this.inputs, length)
      const hidden = base.family.forward(forwardContext(stage, r, inputs, { batch: 1, length }, (layer, k, v) => cache(r, layer, k, v)))
      headInto(stage, r, gatherRows(r, hidden, inputs.rows, 1), slotTensor(this.logits, [1, this.logits.sizeBytes / 4]))
      this.programs.set(length, new Program(`decoding ${length}`, r.launches, arena, gpu.profile.maxBindingBytes))
    }
    this.slots = [
      ...(parameters?.slots ?? []).filter((s) => !s.buffer),
      this.inputs,
      this.at,
      this.logits,
      this.readback,
      this.rope.slot,
      ...caches,
      ...arena.slots,
      ...this.all.map((p) => p.uniforms),
    ]
  }

  private get all(): Program[] {
    return [...(this.begin ? [this.begin] : []), ...this.programs.values()]
  }

  async prepare(): Promise<void> {
    await allocate(this.gpu, 'generating', this.slots)
    this.rope.write(this.gpu)
    await this.parameters?.write(this.gpu)
    for (const program of this.all) await program.prepare(this.gpu)
  }

  release(): void {
    release(this.gpu, this.slots)
  }

  /** Takes ids into the cache from position `from` on, in a piece of 1 or `pieceLength`; padding behind them is overwritten later. */
  private feed(ids: readonly number[], from: number): void {
    const length = ids.length === 1 ? 1 : pieceLength
    const words = new Uint32Array(inputBytes(length) / 4)
    const stride = words.length / 7
    for (let t = 0; t < length; t++) {
      words[t] = ids[t] ?? 0
      words[stride + t] = Math.min(from + t, this.context - 1)
      words[5 * stride + 2 * t] = 0
      words[5 * stride + 2 * t + 1] = Math.min(from + t + 1, this.context)
    }
    words[3 * stride] = ids.length - 1
    this.gpu.device.queue.writeBuffer(this.inputs.buffer!, 0, words)
    this.gpu.device.queue.writeBuffer(this.at.buffer!, 0, new Uint32Array([from]))
    this.programs.get(length)!.run(this.gpu)
  }

  private async readLogits(): Promise<Float32Array> {
    const encoder = this.gpu.device.createCommandEncoder()
    encoder.copyBufferToBuffer(this.logits.buffer!, 0, this.readback.buffer!, 0, this.logits.sizeBytes)
    this.gpu.device.queue.submit([encoder.finish()])
    await this.readback.buffer!.mapAsync(GPUMapMode.READ)
    const values = new Float32Array(this.readback.buffer!.getMappedRange().slice(0))
    this.readback.buffer!.unmap()
    this.gpu.check()
    return values.subarray(0, this.vocab)
  }

  /** Tokens after `prompt`, without the one that ended it. @throws ShapeError where the prompt leaves no room; Cancelled. */
  async generate(prompt: readonly number[], options: GenerateOptions): Promise<{ ids: number[]; complete: boolean }> {
    const start = [...Array.from({ length: this.virtual }, (_, i) => this.vocab + i), ...prompt]
    // A piece is written whole, so the cache must have room for its padding.
    const room = this.context - this.prefix
    if (!prompt.length || start.length + 1 > room)
      throw new ShapeError(`prompt: expected 1 to ${room - this.virtual - 1} tokens, got ${prompt.length}. Shorten the prompt.`)
    const choose = sampler(options.temperature, options.seed)
    this.gpu.device.queue.writeBuffer(this.at.buffer!, 0, new Uint32Array([0]))
    this.begin?.run(this.gpu)
    for (let at = 0; at < start.length;) {
      const whole = start.length - at > 1 && at + pieceLength <= room
      const piece = start.slice(at, at + (whole ? pieceLength : 1))
      this.feed(piece, this.prefix + at)
      at += piece.length
    }
    const ids: number[] = []
    while (true) {
      const id = choose(await this.readLogits())
      if (options.stop.includes(id)) return { ids, complete: true }
      ids.push(id)
      if (options.onToken?.(id) === false) return { ids, complete: false }
      if (options.signal?.aborted) throw new Cancelled()
      if (ids.length >= options.maxTokens || start.length + ids.length >= room) return { ids, complete: false }
      this.feed([id], this.prefix + start.length + ids.length - 1)
    }
  }
}
