// Which type each matrix of a GGUF file gets. The rules are those of llama.cpp's quantiser (llama-quant.cpp, llama_tensor_get_type and
// tensor_type_fallback), so a file has the same types as one that llama-quantize writes.
import { type Phrase, say } from '../config/phrase'
import type { GgufMix } from '../config/run-reports'
import { ggufTypes } from '../formats/gguf-types'
import type { WeightFormatId } from '../formats/quant/format-id'
import type { ModelConfig } from '../formats/model-file'

/** A file's usual type, and its number in `general.file_type` (llama.h, enum llama_ftype). */
const mixes: Readonly<Record<GgufMix, { type: WeightFormatId; fileType: number }>> = {
  f32: { type: 'f32', fileType: 0 },
  f16: { type: 'f16', fileType: 1 },
  q4_0: { type: 'q4_0', fileType: 2 },
  q8_0: { type: 'q8_0', fileType: 7 },
  q4_k_m: { type: 'q4_k', fileType: 15 },
}

/** What a type becomes where rows are no whole blocks of it; f16 where they are no whole blocks of that either. */
const fallbacks: Partial<Record<WeightFormatId, WeightFormatId>> = { q4_k: 'q5_0', q5_k: 'q5_1', q6_k: 'q8_0' }

const types = new Map(Object.entries(ggufTypes).flatMap(([number, t]) => (t.format ? [[t.format, { number: Number(number), ...t }]] : [])))

/** The number of a type in GGUF. */
export const ggufTypeNumber = (type: WeightFormatId): number => types.get(type)!.number

/** Metadata of a file that says its type. */
export function mixMetadata(mix: GgufMix): Record<string, { type: 'u32'; value: number }> {
  const { fileType, type } = mixes[mix]
  const quantised = type !== 'f32' && type !== 'f16'
  return {
    'general.file_type': { type: 'u32', value: fileType },
    ...(quantised && { 'general.quantization_version': { type: 'u32', value: 2 } }),
  }
}

const wholeBlocks = (type: WeightFormatId, cols: number) => cols % types.get(type)!.blockWeights === 0

function fitting(type: WeightFormatId, cols: number): WeightFormatId {
  if (wholeBlocks(type, cols)) return type
  const other = fallbacks[type]
  return other && wholeBlocks(other, cols) ? other : 'f16'
}

/** Layers that get more bits: the first and last eighths, and every third between them. */
const moreBits = (layer: number, layers: number): boolean =>
  layer < Math.floor(layers / 8) || layer >= Math.floor((7 * layers) / 8) || (layer - Math.floor(layers / 8)) % 3 === 2

/** The type of Q4_K_M for a matrix of a layer. */
function mediumType(
  name: string,
  layer: number,
  { layers, heads, kvHeads }: Pick<ModelConfig, 'layers' | 'heads' | 'kvHeads'>,
): WeightFormatId {
  if (name === 'ffn_down.weight' || name === 'ffn_down_exps.weight') return moreBits(layer, layers) ? 'q6_k' : 'q4_k'
  if (name !== 'attn_v.weight' && name !== 'attn_qkv.weight') return 'q4_k'
  if (moreBits(layer, layers)) return 'q6_k'
  // Models of 80 layers share each value head among several query heads, so bits there cost little.
  return layers === 80 && kvHeads < heads ? 'q5_k' : 'q4_k'
}

interface MixTensor {
  name: string
  dimensions: readonly number[]
}
type MixConfig = Pick<ModelConfig, 'layers' | 'heads' | 'kvHeads'>

/** The type of a tensor by its place in the model, whatever its size. */
function wantedType(mix: GgufMix, { name, dimensions }: MixTensor, config: MixConfig, tied: boolean): WeightFormatId {
  const { type } = mixes[mix]
  if (dimensions.length < 2 || name.startsWith('position_embd') || name.includes('.ffn_gate_inp') || name.endsWith('_norm.weight'))
    return 'f32'
  if (type === 'f32' || type === 'f16') return type
  if (name === 'output.weight' || (tied && name === 'token_embd.weight')) return type === 'q8_0' ? 'q8_0' : 'q6_k'
  const [, layer, part] = /^blk\.(\d+)\.(.+)$/.exec(name) ?? []
  return mix === 'q4_k_m' && part !== undefined ? mediumType(part, Number(layer), config) : type
}

/**
 * The type of a tensor in a file of `mix`. `dimensions` are in ggml's order; `tied` = the file has no output.weight, so that the token
 * embedding is also the head. Vectors, norms, learned positions and routers stay in f32.
 */
export function mixType(mix: GgufMix, tensor: MixTensor, config: MixConfig, tied: boolean): WeightFormatId {
  const wanted = wantedType(mix, tensor, config, tied)
  return wanted === 'f32' || wanted === 'f16' ? wanted : fitting(wanted, tensor.dimensions[0]!)
}

/** Which matrices of a file of `mix` have another type than the mix gives them, and why: a sentence for each pair of types and size of rows. */
export function mixFallbacks(mix: GgufMix, tensors: readonly MixTensor[], config: MixConfig, tied: boolean): Phrase[] {
  const groups = new Map<string, { wanted: WeightFormatId; got: WeightFormatId; cols: number; names: string[] }>()
  for (const tensor of tensors) {
    const [wanted, got] = [wantedType(mix, tensor, config, tied), mixType(mix, tensor, config, tied)]
    if (wanted === got) continue
    const cols = tensor.dimensions[0]!
    const key = `${wanted} ${got} ${cols}`
    const group = groups.get(key) ?? { wanted, got, cols, names: [] }
    group.names.push(tensor.name)
    groups.set(key, group)
  }
  return [...groups.values()].map(({ wanted, got, cols, names }) => {
    const kinds = [...new Set(names.map((name) => name.replace(/^blk\.\d+\./, 'blk.*.')))].join(', ')
    const { blockWeights } = types.get(wanted)!
    return say`GGUF: rows of ${cols} weights are not whole blocks of ${wanted.toUpperCase()}, which have ${blockWeights} weights. Matrices with such rows are ${got.toUpperCase()}, as llama-quantize writes them: ${kinds} (${names.length} in all).`
  })
}
