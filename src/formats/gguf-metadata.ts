// GGUF metadata of a model that came as a Hugging Face folder, by llama.cpp's names (ggml/docs/gguf.md; gguf-py constants.py).
import { UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import type { GgufEntry } from './gguf-write'
import type { ModelFile } from './model-file'

/** Keys behind `tokenizer.ggml.` that name an end token: of a text, a turn, a message. */
export const ggufEndKeys = ['eos_token_id', 'eot_token_id', 'eom_token_id'] as const

/** Plain values as entries: whole numbers as u32, other kinds as they are. */
export function ggufEntries(values: Readonly<Record<string, unknown>>): Record<string, GgufEntry> {
  const entry = (value: unknown): GgufEntry => {
    if (typeof value === 'string') return { type: 'text', value }
    if (typeof value === 'number') return { type: 'u32', value }
    if (typeof value === 'boolean') return { type: 'bool', value }
    if (value instanceof Float32Array) return { type: 'f32s', value }
    const list = value as readonly unknown[]
    return typeof list[0] === 'string' ? { type: 'texts', value: list as string[] } : { type: 'i32s', value: list as number[] }
  }
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, entry(value)]))
}

/** Whether the rotary frequencies are scaled one by one, which takes a tensor of factors in the file. */
export function hasRopeFactors({ ropeFactors }: ModelFile['config']): boolean {
  return ropeFactors !== undefined && ropeFactors.some((f) => f !== ropeFactors[0])
}

/** `general.*` and the architecture's own keys, with `settings` of the family's own. @throws UnsupportedError for a scaling that llama.cpp does not have for the family */
export function ggufModelMetadata(
  { config: c, name }: Pick<ModelFile, 'config' | 'name'>,
  settings: Readonly<Record<string, number>> = {},
): Record<string, GgufEntry> {
  const { family } = c
  const out: Record<string, GgufEntry> = {
    'general.architecture': { type: 'text', value: family },
    'general.name': { type: 'text', value: name },
  }
  const put = (key: string, type: 'u32' | 'f32', value: unknown) => {
    if (typeof value === 'number') out[`${family}.${key}`] = { type, value }
  }
  put('block_count', 'u32', c.layers)
  put('context_length', 'u32', c.context)
  put('embedding_length', 'u32', c.hidden)
  put('feed_forward_length', 'u32', c.intermediate)
  put('attention.head_count', 'u32', c.heads)
  put('vocab_size', 'u32', c.vocab)
  if (family === 'gpt2') {
    put('attention.layer_norm_epsilon', 'f32', c.normEpsilon)
    return out
  }
  put('attention.head_count_kv', 'u32', c.kvHeads)
  put('attention.key_length', 'u32', c.headDim)
  put('attention.value_length', 'u32', c.headDim)
  put('attention.layer_norm_rms_epsilon', 'f32', c.normEpsilon)
  put('rope.dimension_count', 'u32', c.headDim)
  put('rope.freq_base', 'f32', c.ropeTheta)
  const [factor] = c.ropeFactors ?? []
  if (hasRopeFactors(c)) {
    if (family !== 'llama')
      throw new UnsupportedError(
        say`GGUF: expected rotary frequencies scaled one by one in a Llama model only, got ${family}. Merge into a folder instead.`,
      )
  } else if (factor !== undefined && factor !== 1) {
    out[`${family}.rope.scaling.type`] = { type: 'text', value: 'linear' }
    put('rope.scaling.factor', 'f32', factor)
  }
  for (const [key, value] of Object.entries(settings)) put(key, key.includes('sliding_window') ? 'u32' : 'f32', value)
  return out
}
