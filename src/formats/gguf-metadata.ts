// GGUF metadata for a model from a Hugging Face folder, with llama.cpp's names (ggml/docs/gguf.md; gguf-py constants.py).
import { UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import { architectureOf, families, filesOf } from './families/registry'
import type { GgufEntry } from './gguf-write'
import type { ModelFile } from './model-file'

/** Keys after `tokenizer.ggml.` that name an end token: of a text, a turn, a message. */
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

/** Whether the rotary frequencies are scaled one by one. The file then needs a tensor of factors. */
export function hasRopeFactors({ ropeFactors, rope }: ModelFile['config']): boolean {
  return !rope && ropeFactors !== undefined && ropeFactors.some((f) => f !== ropeFactors[0])
}

/** Families for which llama.cpp reads such a tensor. */
const scaledOneByOne = families
  .filter((f) => f.ggufRopeFactors)
  .map((f) => f.label)
  .join(' or ')

/** Rotary scaling that is not a tensor of single factors. @throws UnsupportedError if llama.cpp cannot compute it for the family */
function scalingEntries({ rope, family }: ModelFile['config'], longRope: boolean): Record<string, string | number | undefined> {
  const { settings = {} } = rope ?? {}
  const kind = settings.rope_type
  if (kind === 'yarn' && settings.attention_factor === undefined && settings.mscale === undefined && settings.truncate !== false)
    return {
      'rope.scaling.type': 'yarn',
      'rope.scaling.factor': settings.factor as number,
      'rope.scaling.original_context_length': settings.original_max_position_embeddings as number,
      'rope.scaling.yarn_beta_fast': settings.beta_fast as number | undefined,
      'rope.scaling.yarn_beta_slow': settings.beta_slow as number | undefined,
    }
  if (kind === 'longrope' && longRope)
    return { 'rope.scaling.attn_factor': rope!.scale, 'rope.scaling.original_context_length': rope!.long!.beyond }
  // Within the context, dynamic scaling changes nothing, and llama.cpp's own scaling beyond it is an option when it runs.
  if (kind === 'dynamic' && rope!.dynamic) return {}
  throw new UnsupportedError(
    say`GGUF: expected a rotary scaling that llama.cpp computes for ${family} models, got ${String(kind)}. Merge into a folder instead.`,
  )
}

/** `general.*` and the architecture's own keys. @throws UnsupportedError for a scaling or a setting that llama.cpp does not support for the family */
export function ggufModelMetadata({ config: c, name }: Pick<ModelFile, 'config' | 'name'>): Record<string, GgufEntry> {
  const { family } = c
  const { ggufKeys, ggufRopeFactors, ggufLongRope, ggufSettings, noGguf, rotary, experts } = filesOf(family)
  if (noGguf)
    throw new UnsupportedError(say`GGUF: expected a model that llama.cpp runs, got ${family}. ${noGguf}. Merge into a folder instead.`)
  const settings = ggufSettings?.(c) ?? {}
  const architecture = architectureOf(family)
  const out: Record<string, GgufEntry> = {
    'general.architecture': { type: 'text', value: architecture },
    'general.name': { type: 'text', value: name },
  }
  const put = (key: string, type: 'u32' | 'f32', value: unknown) => {
    if (typeof value === 'number') out[`${architecture}.${key}`] = { type, value }
  }
  for (const [key, type, field] of ggufKeys) put(key, type, c[field])
  if (experts) {
    const { count, perToken, inner } = experts.mixture(c)
    put('expert_count', 'u32', count)
    put('expert_used_count', 'u32', perToken)
    put('expert_feed_forward_length', 'u32', inner)
  }
  const [factor] = c.ropeFactors ?? []
  if (c.ropeDim !== undefined) put('rope.dimension_count', 'u32', c.ropeDim)
  if (rotary && c.rope) {
    for (const [key, value] of Object.entries(scalingEntries(c, ggufLongRope ?? false))) {
      if (typeof value === 'string') out[`${architecture}.${key}`] = { type: 'text', value }
      else put(key, key.endsWith('context_length') ? 'u32' : 'f32', value)
    }
  } else if (rotary && hasRopeFactors(c)) {
    if (!ggufRopeFactors)
      throw new UnsupportedError(
        say`GGUF: expected a model of the ${scaledOneByOne} family, because the rotary frequencies are scaled one by one, got ${family}. Merge into a folder instead.`,
      )
  } else if (rotary && factor !== undefined && factor !== 1) {
    out[`${architecture}.rope.scaling.type`] = { type: 'text', value: 'linear' }
    put('rope.scaling.factor', 'f32', factor)
  }
  for (const [key, value] of Object.entries(settings))
    if (typeof value === 'boolean') out[`${architecture}.${key}`] = { type: 'bool', value }
    else put(key, key.includes('sliding_window') ? 'u32' : 'f32', value)
  return out
}
