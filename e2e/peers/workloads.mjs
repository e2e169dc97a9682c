// The input for all engines: the same Llama with random weights as a Hugging Face folder, and the same tokens.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** @typedef {{ name: string, layers: number, hidden: number, intermediate: number, heads: number, vocab: number, batch: number, length: number }} Workload */

/** @type {Workload[]} */
export const workloads = [
  { name: 's260k', layers: 5, hidden: 64, intermediate: 172, heads: 8, vocab: 512, batch: 4, length: 256 },
  { name: 's15m', layers: 6, hidden: 288, intermediate: 768, heads: 6, vocab: 32_000, batch: 1, length: 256 },
]

export const normEpsilon = 1e-5
const ropeTheta = 10_000

/** @param {string} name @returns {Workload} */
export function workloadNamed(name) {
  const found = workloads.find((w) => w.name === name)
  if (!found) throw new Error(`workload: expected one of ${workloads.map((w) => w.name).join(', ')}, got ${name}. Choose one of these.`)
  return found
}

/** Random numbers in [0, 1) from a seed (mulberry32). @param {number} seed */
function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), seed | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Every tensor of the model by its Hugging Face name. @param {Workload} w @returns {[string, number[]][]} */
export function tensorShapes({ layers, hidden, intermediate, vocab }) {
  const layer = (/** @type {number} */ i) =>
    /** @type {[string, number[]][]} */ ([
      ['input_layernorm', [hidden]],
      ['self_attn.q_proj', [hidden, hidden]],
      ['self_attn.k_proj', [hidden, hidden]],
      ['self_attn.v_proj', [hidden, hidden]],
      ['self_attn.o_proj', [hidden, hidden]],
      ['post_attention_layernorm', [hidden]],
      ['mlp.gate_proj', [intermediate, hidden]],
      ['mlp.up_proj', [intermediate, hidden]],
      ['mlp.down_proj', [hidden, intermediate]],
    ]).map(([name, shape]) => /** @type {[string, number[]]} */ ([`model.layers.${i}.${name}.weight`, shape]))
  return [
    ['model.embed_tokens.weight', [vocab, hidden]],
    ...Array.from({ length: layers }, (_, i) => layer(i)).flat(),
    ['model.norm.weight', [hidden]],
  ]
}

/** @param {number[]} shape */
function count(shape) {
  return shape.reduce((a, b) => a * b, 1)
}

/** Writes config.json and model.safetensors. @param {string} folder @param {Workload} w */
export function writeModel(folder, w) {
  mkdirSync(folder, { recursive: true })
  const config = {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    hidden_act: 'silu',
    hidden_size: w.hidden,
    intermediate_size: w.intermediate,
    num_hidden_layers: w.layers,
    num_attention_heads: w.heads,
    num_key_value_heads: w.heads,
    vocab_size: w.vocab,
    max_position_embeddings: 512,
    rms_norm_eps: normEpsilon,
    rope_theta: ropeTheta,
    tie_word_embeddings: true,
  }
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config))
  const next = random(1)
  /** @type {Record<string, object>} */
  const header = {}
  const parts = []
  let at = 0
  for (const [name, shape] of tensorShapes(w)) {
    const scale = 1.5 / Math.sqrt(shape[shape.length - 1])
    const values = Float32Array.from({ length: count(shape) }, () =>
      shape.length === 1 ? 1 + 0.2 * (next() - 0.5) : scale * (2 * next() - 1),
    )
    header[name] = { dtype: 'F32', shape, data_offsets: [at, at + values.byteLength] }
    at += values.byteLength
    parts.push(new Uint8Array(values.buffer))
  }
  const text = JSON.stringify(header)
  const head = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8, ' '))
  const size = Buffer.alloc(8)
  size.writeBigUInt64LE(BigInt(head.length))
  writeFileSync(join(folder, 'model.safetensors'), Buffer.concat([size, head, ...parts]))
}

/** The folder's tensors. @param {string} folder @returns {Map<string, { shape: number[], values: Float32Array }>} */
export function readModel(folder) {
  const file = readFileSync(join(folder, 'model.safetensors'))
  const start = 8 + Number(file.readBigUInt64LE(0))
  const header = JSON.parse(file.toString('utf8', 8, start))
  return new Map(
    Object.entries(header).map(
      ([
        name,
        {
          shape,
          data_offsets: [from, to],
        },
      ]) => [name, { shape, values: new Float32Array(file.buffer.slice(file.byteOffset + start + from, file.byteOffset + start + to)) }],
    ),
  )
}

/** Token ids and their targets (the ids that follow them), [B · T] each; every position is trained on. @param {Workload} w */
export function tokens({ vocab, batch, length }) {
  const next = random(2)
  const rows = Array.from({ length: batch }, () => Array.from({ length: length + 1 }, () => Math.floor(next() * vocab)))
  return {
    ids: Int32Array.from(rows.flatMap((row) => row.slice(0, -1))),
    targets: Int32Array.from(rows.flatMap((row) => row.slice(1))),
  }
}

/** cos and sin of the rotary angles, [T, D / 2], in the order of Hugging Face's Llama. @param {Workload} w */
export function rotary({ hidden, heads, length }) {
  const half = hidden / heads / 2
  const angle = (/** @type {number} */ i) => Math.floor(i / half) * ropeTheta ** -((i % half) / half)
  return {
    half,
    cos: Float32Array.from({ length: length * half }, (_, i) => Math.cos(angle(i))),
    sin: Float32Array.from({ length: length * half }, (_, i) => Math.sin(angle(i))),
  }
}
