// A model with seeded random weights, made without a file: for benchmarks and for tests where ../shared is absent.
import type { ModelConfig, ModelFile, TensorEntry } from '../formats/model-file'
import { familyOf } from '../models/registry'

/** Uniform values in [−scale, scale) that depend on seed and place only. */
function values(seed: number, start: number, count: number, scale: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(count)
  for (let i = 0; i < count; i++) {
    let x = Math.imul((start + i) ^ seed, 0x9e3779b1) >>> 0
    x = Math.imul(x ^ (x >>> 15), 0x85ebca6b) >>> 0
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35) >>> 0
    out[i] = scale * (((x ^ (x >>> 16)) >>> 0) / 2 ** 31 - 1)
  }
  return out
}

export type RandomShape = Pick<ModelConfig, 'family' | 'layers' | 'hidden' | 'intermediate' | 'heads' | 'vocab' | 'context'> &
  Partial<ModelConfig>

/** A safetensors-like model in f32: norms are 1, matrices small, biases small. */
export function randomModel(name: string, shape: RandomShape, seed = 1): ModelFile {
  const config: ModelConfig = {
    kvHeads: shape.heads,
    headDim: shape.hidden / shape.heads,
    normEpsilon: 1e-5,
    ropeTheta: 10_000,
    tied: true,
    hiddenAct: 'silu',
    raw: {},
    ...shape,
  }
  const needs = familyOf({ name, config }).tensors(config)
  const tensors = new Map<string, TensorEntry>()
  let sizeBytes = 0
  for (const [index, need] of needs.entries()) {
    const cols = need.shape[need.shape.length - 1]
    const norm = need.kind === 'vector' && /(norm|ln_\w+)\.weight$/.test(need.name)
    const bytes = need.shape.reduce((a, b) => a * b, 4)
    sizeBytes += bytes
    tensors.set(need.name, {
      name: need.name,
      shape: need.shape,
      format: 'f32',
      sizeBytes: bytes,
      readRows: async (first, rows) =>
        new Uint8Array(
          (norm
            ? new Float32Array(rows * cols).fill(1)
            : values(seed * 7919 + index * 104_729, first * cols, rows * cols, 1.5 / Math.sqrt(config.hidden))
          ).buffer,
        ),
    })
  }
  return { container: 'safetensors', name, config, tensors, special: {}, sizeBytes, permutedRotary: false }
}
