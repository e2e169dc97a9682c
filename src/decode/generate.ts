// Decodes several rows at a time with a key/value cache. Two programs are recorded once: one for a piece of the prompt, one for a single token.
import { Cancelled, ShapeError } from '../config/errors'
import { type Sampling, samplingWith } from '../config/sampling-fields'
import { say } from '../config/phrase'
import type { Gpu } from '../gpu/gpu'
import type { BaseModel } from '../models/base-model'
import type { Hooks, LayerKeys } from '../models/hooks'
import { cacheWrite } from '../ops/cache'
import { headStride, padHeads } from '../ops/heads'
import { gatherRows } from '../ops/gather'
import { tapeKernels } from '../ops/add'
import { programOf } from '../ops/program-of'
import { repeatRows } from '../ops/rows'
import { type Lane, firstRow, sideBySide } from './side-by-side'
import type { Parameters } from '../tensor/parameters'
import { Arena, type Program, allocate, release } from '../tensor/program'
import { Recorder } from '../tensor/recorder'
import { type Slot, type Tensor, align, slotTensor } from '../tensor/tensor'
import { inputBytes, inputNumbers, inputTensors } from '../train/inputs'
import { type Stage, forwardContext, headInto, vocabOf } from '../train/recordings'
import { type RopeTables, ropeTables } from '../train/rope-tables'
import { likeliest, probabilityOf, sampler } from './sampling'

/** Tokens of each prompt that are computed at once. */
const pieceLength = 64

/** Rows that share an adapter (or have none), and its parameters. */
export interface DecodingLane extends Lane {
  parameters?: Parameters
}

/** What is not said about sampling is as usual: the most likely token. */
export interface GenerateOptions extends Partial<Sampling> {
  maxTokens: number
  seed: number
  /** Ids that end the answer. */
  stop: readonly number[]
  signal?: AbortSignal
  /** Called with every token; returns false to end the answer. */
  onToken?: (id: number) => boolean | void
  /** Notes how likely each token was. */
  probabilities?: boolean
  /** Notes this many of the most likely tokens in the place of each. */
  alternatives?: number
  /**
   * Whole pieces at the beginning of the prompt that are in the cache from an earlier prompt are not computed again. They have the same
   * bits, as long as no weight has changed since.
   */
  continues?: boolean
}

/** The request for one row. */
export interface Ask extends GenerateOptions {
  prompt: readonly number[]
}

/** The answer to one row: the tokens after the prompt, without the end token. */
export interface Said {
  ids: number[]
  complete: boolean
  /** Of each id, from 0 to 1; empty unless asked for. */
  probabilities: number[]
  /** In the place of each id; empty unless asked for. */
  alternatives: ReturnType<typeof likeliest>[]
  /** Tokens of the prompt that were in the cache. */
  cached: number
}

/** A row that is being decoded. */
interface Row {
  ask: Ask
  /** Virtual tokens, prompt and answer. */
  tokens: number[]
  /** How many of `tokens` are in the cache. */
  done: number
  start: number
  choose: ReturnType<typeof sampler>
  notes: Pick<Said, 'probabilities' | 'alternatives' | 'cached'>
  said?: Said
}

export class Generator {
  private readonly slots: Slot[]
  private readonly programs = new Map<number, Program>()
  private readonly inputs: Slot
  /** A second copy of the ids, in which each lane starts at an offset where a binding may start. */
  private readonly laneIds: Slot
  private readonly at: Slot
  private readonly logits: Slot
  private readonly readback: Slot
  private readonly rope: RopeTables
  private readonly vocab: number
  private readonly rows: number
  private readonly stride: number
  /** The tokens of each row's cache that were computed as whole pieces of a prompt, from its beginning on. */
  private readonly pieces: (readonly number[])[] = []

  private readonly prefix: number
  /** Writes the method's prefix into the caches. */
  private readonly begin: Program | undefined

  /**
   * `context` = tokens that each row's cache holds, including virtual tokens and a prefix.
   * If there are several lanes, `standsBeside` must be true for all of them.
   */
  constructor(
    private readonly gpu: Gpu,
    private readonly base: BaseModel,
    private readonly lanes: readonly DecodingLane[],
    readonly context: number,
  ) {
    const { profile } = gpu
    const rows = (this.rows = firstRow(lanes, lanes.length))
    this.inputs = { label: 'decoding inputs', purpose: 'inputs', sizeBytes: inputBytes(rows * pieceLength) }
    this.laneIds = { label: 'ids by lane', purpose: 'inputs', sizeBytes: lanes.length * align(rows * pieceLength * 4) }
    const hooks = lanes.length === 1 ? lanes[0].hooks : sideBySide(lanes, (lane, positions) => this.idsOf(lane, positions))
    this.prefix = hooks.prefixTokens ?? 0
    this.vocab = vocabOf({ base, hooks })
    this.stride = Math.ceil(this.vocab / 64) * 64
    this.at = { label: 'cache positions', purpose: 'inputs', sizeBytes: align(rows * 4) }
    this.logits = { label: 'logits', purpose: 'activations', sizeBytes: rows * this.stride * 4 }
    this.readback = { label: 'logits readback', purpose: 'readback', sizeBytes: this.logits.sizeBytes }
    this.rope = ropeTables(base, context)
    const arena = new Arena()
    const { caches, cache } = this.makeCaches()
    if (hooks.prefix) {
      const r = new Recorder(profile, tapeKernels)
      hooks.prefix(r).forEach(({ k, v }, layer) => cache(r, layer, repeatRows(r, k, rows), repeatRows(r, v, rows)))
      this.begin = programOf('prefix', r, arena, profile.maxBindingBytes)
    }
    for (const length of [1, pieceLength])
      this.programs.set(length, programOf(`decoding ${length}`, this.record(hooks, length, cache), arena, profile.maxBindingBytes))
    this.slots = [
      ...lanes.flatMap((lane) => lane.parameters?.slots ?? []).filter((s) => !s.buffer),
      this.inputs,
      this.laneIds,
      this.at,
      this.logits,
      this.readback,
      this.rope.slot,
      ...caches,
      ...arena.slots,
      ...this.all.map((p) => p.uniforms),
    ]
  }

  private idsOf(lane: number, positions: number): Tensor {
    return slotTensor(this.laneIds, [positions], 'u32', lane * align(this.rows * pieceLength * 4))
  }

  /** The cache of keys and values for all layers, and the function that adds new ones for a layer. */
  private makeCaches(): { caches: Slot[]; cache: (r: Recorder, layer: number, k: Tensor, v: Tensor) => LayerKeys } {
    const { config } = this.base.file
    const [width, longest] = [config.kvHeads * headStride(config.headDim), this.rows * this.context]
    const caches = Array.from({ length: config.layers * 2 }, (_, i): Slot => ({
      label: `${i % 2 ? 'values' : 'keys'} ${i >> 1}`,
      purpose: 'activations',
      sizeBytes: longest * width * 2,
    }))
    const at = slotTensor(this.at, [this.rows], 'u32')
    const cache = (r: Recorder, layer: number, k: Tensor, v: Tensor): LayerKeys => {
      const [keys, values] = [0, 1].map((i) => slotTensor(caches[layer * 2 + i], [longest, width / 2], 'u32'))
      cacheWrite(r, at, padHeads(r, k, config.headDim), keys)
      cacheWrite(r, at, padHeads(r, v, config.headDim), values)
      return { k: keys, v: values, keys: this.context, prefix: this.prefix, halves: true }
    }
    return { caches, cache }
  }

  private record(hooks: Hooks, length: number, cache: (r: Recorder, layer: number, k: Tensor, v: Tensor) => LayerKeys): Recorder {
    const { gpu, base, rows } = this
    const stage: Stage = { profile: gpu.profile, base, hooks, ropeTables: this.rope.tensors }
    const r = new Recorder(gpu.profile, tapeKernels)
    const inputs = inputTensors(this.inputs, rows * length)
    const shape = { batch: rows, length }
    const hidden = base.family.forward(forwardContext(stage, r, inputs, shape, (layer, k, v) => cache(r, layer, k, v)))
    headInto(stage, r, gatherRows(r, hidden, inputs.rows, rows), slotTensor(this.logits, [rows, this.stride]))
    return r
  }

  /** What it takes on the GPU, without the base and without parameters that are there already. */
  get sizeBytes(): number {
    return this.slots.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  }

  private get all(): Program[] {
    return [...(this.begin ? [this.begin] : []), ...this.programs.values()]
  }

  async prepare(): Promise<void> {
    await allocate(this.gpu, say`generating`, this.slots)
    this.rope.write(this.gpu)
    for (const { parameters } of this.lanes) await parameters?.write(this.gpu)
    for (const program of this.all) await program.prepare(this.gpu)
  }

  release(): void {
    release(this.gpu, this.slots)
  }

  /**
   * Computes the next tokens of every row and adds them to its cache: one token each, or up to `pieceLength`. A row without new tokens
   * repeats its last one, which changes nothing. Padding after a row's tokens is overwritten later.
   */
  private feed(rows: readonly Row[]): void {
    const length = rows.some(({ tokens, done }) => tokens.length - done > 1) ? pieceLength : 1
    const { bytes, numbers } = inputNumbers(this.rows * length)
    const { ids, positions, ranges, rows: last } = numbers
    const at = new Uint32Array(this.rows)
    for (let b = 0; b < this.rows; b++) {
      const row = rows[b] ?? { tokens: [0], done: 0 }
      const done = Math.min(row.done, row.tokens.length - 1)
      const piece = row.tokens.slice(done, done + length)
      at[b] = this.prefix + done
      last[b] = b * length + piece.length - 1
      for (let t = 0; t < length; t++) {
        const m = b * length + t
        ids[m] = piece[t] ?? 0
        positions[m] = Math.min(at[b] + t, this.context - 1)
        ranges[2 * m + 1] = Math.min(at[b] + t + 1, this.context)
      }
      row.done = done + piece.length
      // The last token of a prompt may be computed again, alone.
      if (rows[b] && piece.length === pieceLength && row.done < rows[b].start) this.pieces[b] = row.tokens.slice(0, row.done)
    }
    const { queue } = this.gpu.device
    queue.writeBuffer(this.inputs.buffer!, 0, bytes)
    queue.writeBuffer(this.at.buffer!, 0, at)
    if (this.lanes.length > 1)
      this.lanes.forEach((lane, i) => {
        const first = firstRow(this.lanes, i)
        queue.writeBuffer(this.laneIds.buffer!, this.idsOf(i, 1).offset, ids.slice(first * length, (first + lane.rows) * length))
      })
    this.programs.get(length)!.run(this.gpu)
  }

  /** The logits of each row's last token. */
  private async readLogits(): Promise<Float32Array[]> {
    const encoder = this.gpu.device.createCommandEncoder()
    encoder.copyBufferToBuffer(this.logits.buffer!, 0, this.readback.buffer!, 0, this.logits.sizeBytes)
    this.gpu.device.queue.submit([encoder.finish()])
    await this.gpu.answered(this.readback.buffer!.mapAsync(GPUMapMode.READ))
    const values = new Float32Array(this.readback.buffer!.getMappedRange().slice(0))
    this.readback.buffer!.unmap()
    this.gpu.check()
    return Array.from({ length: this.rows }, (_, b) => values.subarray(b * this.stride, b * this.stride + this.vocab))
  }

  private begun(ask: Ask, b: number): Row {
    const lane = this.lanes.findIndex((_, i) => b < firstRow(this.lanes, i + 1))
    const virtual = this.lanes[lane].hooks.virtualTokens ?? 0
    const room = this.context - this.prefix - virtual
    if (!ask.prompt.length) throw new ShapeError(say`The prompt has no tokens. Write a prompt.`)
    if (ask.prompt.length + 1 > room)
      throw new ShapeError(say`The prompt has ${ask.prompt.length} tokens; this model takes at most ${room - 1}. Shorten the prompt.`)
    const tokens = [...Array.from({ length: virtual }, (_, i) => this.vocab + i), ...ask.prompt]
    const done = ask.continues ? this.begunWith(b, tokens) : 0
    this.pieces[b] = tokens.slice(0, done)
    const notes = { probabilities: [], alternatives: [], cached: Math.max(0, done - virtual) }
    return { ask, tokens, start: tokens.length, done, choose: sampler(samplingWith(ask), ask.seed), notes }
  }

  /** How many tokens at the beginning of `tokens` the cache of row `b` has as whole pieces. At least one token is left to compute. */
  private begunWith(b: number, tokens: readonly number[]): number {
    const cached = this.pieces[b] ?? []
    let same = 0
    while (same < Math.min(cached.length, tokens.length - 1) && cached[same] === tokens[same]) same++
    return same - (same % pieceLength)
  }

  /** Chooses the row's next token; sets `row.said` if the answer ends with it. */
  private advance(row: Row, logits: Float32Array): void {
    const { ask, tokens, start, notes } = row
    // Virtual tokens have ids behind the vocabulary, which the sampler leaves alone.
    const id = row.choose(logits, tokens)
    const end = (complete: boolean) => void (row.said = { ids: tokens.slice(start), complete, ...notes })
    if (ask.stop.includes(id)) return end(true)
    tokens.push(id)
    if (ask.probabilities) notes.probabilities.push(probabilityOf(logits, id))
    if (ask.alternatives) notes.alternatives.push(likeliest(logits, ask.alternatives))
    const enough = ask.onToken?.(id) === false
    if (enough || tokens.length - start >= ask.maxTokens || tokens.length >= this.context - this.prefix) end(false)
  }

  /**
   * Answers each of `asks`, in the order of the lanes' rows. There may be fewer asks than rows.
   * @throws ShapeError for an empty prompt or one that leaves no room for an answer; Cancelled
   */
  async generate(asks: readonly Ask[]): Promise<Said[]> {
    this.pieces.length = asks.length
    const rows = asks.map((ask, b) => this.begun(ask, b))
    this.gpu.device.queue.writeBuffer(this.at.buffer!, 0, new Uint32Array(this.rows))
    this.begin?.run(this.gpu)
    while (rows.some(({ said }) => !said)) {
      do this.feed(rows)
      while (rows.some(({ tokens, done }) => done < tokens.length))
      const logits = await this.readLogits()
      rows.forEach((row, b) => row.said ?? this.advance(row, logits[b]))
      if (asks.some(({ signal }) => signal?.aborted)) throw new Cancelled()
    }
    return rows.map(({ said }) => said!)
  }
}
