// A model larger than memory should hold, in a GGUF file with random weights: one table of it is larger than a binding, and with 4 GB or more
// larger than 2 GiB. It is read, checked, hashed and packed as for the GPU, whose buffers are thrown away here.
import { ftruncateSync, mkdtempSync, openSync, closeSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { sourcesAt } from '../../src/cli/files'
import { Cancelled } from '../../src/config/errors'
import { hashing } from '../../src/formats/fingerprint'
import { type GgufEntry, ggufHead } from '../../src/formats/gguf-write'
import { openModel } from '../../src/formats/open-model'
import { planBase, slotsOf } from '../../src/models/base-model'
import { fillMatrices } from '../../src/models/fill-matrices'
import type { EndureFailure, EndurePart, EndureResult } from './part'

/** Most JavaScript memory beyond that of the start, for any size. */
const mostBytes = 256 * 2 ** 20
/** Longest processor time without progress, in milliseconds. */
const mostSilence = 1000
const bindingBytes = 2 ** 26
const [f32, f16, q8_0] = [0, 1, 8]

interface Tensor {
  name: string
  dimensions: readonly number[]
  type: number
}

/** A model of about `sizeBytes`: a table in F16 has 60 % of it, and the layers are Q8_0. */
function shapeOf(sizeBytes: number): { metadata: Record<string, GgufEntry>; tensors: Tensor[] } {
  const hidden = sizeBytes > 2 ** 30 ? 4096 : 1024
  const vocab = Math.floor((sizeBytes * 0.6) / (2 * hidden))
  const layerBytes = 7 * hidden * hidden * 1.0625
  const layers = Math.max(1, Math.round((sizeBytes * 0.4) / layerBytes))
  const u32 = (value: number): GgufEntry => ({ type: 'u32', value })
  const metadata: Record<string, GgufEntry> = {
    'general.architecture': { type: 'text', value: 'llama' },
    'llama.block_count': u32(layers),
    'llama.embedding_length': u32(hidden),
    'llama.feed_forward_length': u32(hidden),
    'llama.attention.head_count': u32(hidden / 64),
    'llama.context_length': u32(2048),
    'llama.attention.layer_norm_rms_epsilon': { type: 'f32', value: 1e-5 },
  }
  const matrices = ['attn_q', 'attn_k', 'attn_v', 'attn_output', 'ffn_gate', 'ffn_up', 'ffn_down']
  const tensors: Tensor[] = [
    { name: 'token_embd.weight', dimensions: [hidden, vocab], type: f16 },
    { name: 'output_norm.weight', dimensions: [hidden], type: f32 },
  ]
  for (let layer = 0; layer < layers; layer++) {
    for (const name of matrices) tensors.push({ name: `blk.${layer}.${name}.weight`, dimensions: [hidden, hidden], type: q8_0 })
    for (const name of ['attn_norm', 'ffn_norm']) tensors.push({ name: `blk.${layer}.${name}.weight`, dimensions: [hidden], type: f32 })
  }
  return { metadata, tensors }
}

/** Random weights: a MiB of small numbers again and again. Their two-byte words are finite as halves and as scales of Q8_0. */
function randomMegabyte(seed: number): Uint8Array {
  let state = seed
  return Uint8Array.from({ length: 2 ** 20 }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return i % 2 ? 0x20 + (state >>> 29) : state >>> 24
  })
}

/** Writes the file. Of files above 1 GiB, only every tenth MiB is written; the others are holes, which read as zeros. */
function writeModel(path: string, sizeBytes: number, seed: number): void {
  const { metadata, tensors } = shapeOf(sizeBytes)
  const { bytes, sizeBytes: whole } = ggufHead(metadata, tensors)
  const file = openSync(path, 'w')
  try {
    ftruncateSync(file, whole)
    writeSync(file, bytes)
    const step = whole > 2 ** 30 ? 10 * 2 ** 20 : 2 ** 20
    const piece = randomMegabyte(seed)
    // Blocks of Q8_0 have 34 bytes, so a piece of whole words keeps the places of odd and even bytes.
    for (let at = Math.ceil(bytes.length / 32) * 32; at + piece.length <= whole; at += step) writeSync(file, piece, 0, piece.length, at)
  } finally {
    closeSync(file)
  }
}

function held(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/** Processor time of this process so far, which other programs do not lengthen. */
function busyMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

interface Loaded {
  bytes: number
  most: number
  silence: number
  seconds: number
  parts: number
}

/** Reads a model and packs it for `base`. `stopAt`: the share of it after which the reading is cancelled. */
async function load(
  path: string,
  base: 'native' | 'nf4',
  collect: () => void,
  onBytes: (bytes: number) => void,
  stopAt = 2,
): Promise<Loaded> {
  collect()
  const start = held()
  const began = performance.now()
  const file = await openModel(await sourcesAt(path))
  const plan = planBase(file, base, bindingBytes)
  const weights = [...plan.matrices.values()]
  for (const slot of slotsOf(weights)) slot.buffer = { label: slot.label } as GPUBuffer
  const seen = { bytes: 0, most: 0, silence: 0, last: busyMs(), look: 0 }
  const queue: Partial<GPUQueue> = { writeBuffer: () => undefined, onSubmittedWorkDone: async () => undefined }
  const gpu = { device: { queue } as GPUDevice, check: () => undefined, answered: <T>(promise: Promise<T>) => promise }
  const stop = new AbortController()
  const read = hashing(file.tensors)
  await fillMatrices(
    gpu,
    weights,
    read.tensors,
    ({ bytes }) => {
      const now = busyMs()
      seen.silence = Math.max(seen.silence, now - seen.last)
      seen.last = now
      seen.bytes += bytes.length
      if (seen.bytes / plan.sizeBytes > stopAt) stop.abort()
      if (seen.bytes < seen.look) return
      seen.look = seen.bytes + 2 ** 25
      collect()
      seen.most = Math.max(seen.most, held() - start)
      seen.last = busyMs()
      onBytes(seen.bytes)
    },
    stop.signal,
  )
  await read.digest()
  return {
    bytes: file.sizeBytes,
    most: seen.most,
    silence: seen.silence,
    seconds: (performance.now() - began) / 1000,
    parts: Math.max(...weights.map((weight) => weight.parts.length)),
  }
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MB`

async function run({
  count,
  seed,
  sample,
  report,
}: {
  count: number
  seed: number
  sample: boolean
  report(done: number): void
}): Promise<EndureResult> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const folder = mkdtempSync(join(tmpdir(), 'tabtune-huge-'))
  const path = join(folder, 'huge.gguf')
  const failures: EndureFailure[] = []
  const figures: string[] = []
  try {
    writeModel(path, count * 2 ** 20, seed)
    for (const base of sample ? (['native'] as const) : (['native', 'nf4'] as const)) {
      const done = await load(path, base, collect, (bytes) => report(Math.min(count, Math.floor(bytes / 2 ** 20))))
      figures.push(
        `${base}: ${megabytes(done.bytes)}, a matrix in ${done.parts} parts, ${megabytes(done.most)} of JavaScript memory held, ${done.seconds.toFixed(1)} s, at most ${Math.round(done.silence)} ms of processor time without progress`,
      )
      if (done.most > mostBytes)
        failures.push({ case: 0, problem: `${base}: ${megabytes(done.most)} are held, at most ${megabytes(mostBytes)} expected` })
      if (done.silence > mostSilence && !sample)
        failures.push({ case: 0, problem: `${base}: ${Math.round(done.silence)} ms of processor time without progress` })
    }
    const cancelled = await load(path, 'native', collect, () => undefined, 0.3).then(
      () => undefined,
      (error: unknown) => error,
    )
    if (!(cancelled instanceof Cancelled)) failures.push({ case: 0, problem: `cancelling: expected Cancelled, got ${String(cancelled)}` })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return { figures, failures }
}

export const part: EndurePart = {
  name: 'huge-model',
  shows: 'a model larger than memory loads in at most 256 MB of JavaScript memory, with progress once a second, and can be cancelled',
  unit: 'megabytes',
  counts: { sample: 150, usual: 4096, long: 4096 },
  run,
}
