// Writes config.json for a model without one (GGUF), with transformers' names. hf-config.ts reads it back as the same ModelConfig.
import { floatNumber } from '../config/exact-json'
import type { ConfigKey } from './families/family-files'
import { filesOf } from './families/registry'
import type { ModelConfig, ModelFile } from './model-file'
import { ropeScaling } from './rope-factors'

/** In transformers, factors are fractions and lengths are whole numbers. */
function withFloats(scaling: Readonly<Record<string, unknown>> | null): Record<string, unknown> | null {
  const isFactor = (key: string) => key.endsWith('factor')
  return (
    scaling &&
    Object.fromEntries(Object.entries(scaling).map(([key, value]) => [key, isFactor(key) ? floatNumber(value as number) : value]))
  )
}

/** Sizes with the names of the family's configuration class. Those of the vocabulary come later in the file. */
function sizes(c: ModelConfig): Record<string, unknown> {
  const { configKeys, rotary } = filesOf(c.family)
  const keys = (Object.entries(configKeys) as [ConfigKey, readonly string[]][]).filter(([key, [name]]) => name && key !== 'vocab')
  return {
    ...Object.fromEntries(keys.map(([key, [name]]) => [name!, key === 'normEpsilon' ? floatNumber(c[key]) : c[key]])),
    ...(rotary && { rope_theta: floatNumber(c.ropeTheta), rope_scaling: withFloats(ropeScaling(c)) }),
  }
}

/** The settings for biases of linear layers. In a GGUF file only its tensors show them. */
function biasSettings(names: Iterable<string>): Record<string, true> {
  const biased = [...names].filter((name) => name.endsWith('_proj.bias'))
  const any = (part: string) => biased.some((name) => name.includes(`.${part}.`))
  return { ...(any('self_attn') && { attention_bias: true }), ...(any('mlp') && { mlp_bias: true }) }
}

/** config.json's content for `stringifyJson`. @throws UnsupportedError for a family or a scaling that is not known */
export function hfConfigJson({ config: c, special, tensors }: Pick<ModelFile, 'config' | 'special' | 'tensors'>): Record<string, unknown> {
  const { architecture, modelTypes, ownSettings } = filesOf(c.family)
  return {
    architectures: [architecture],
    model_type: modelTypes[0],
    ...sizes(c),
    ...biasSettings(tensors.keys()),
    ...ownSettings?.(c),
    vocab_size: c.vocab,
    tie_word_embeddings: c.tied,
    bos_token_id: special.bos ?? null,
    eos_token_id: special.eos ? (special.eos.length === 1 ? special.eos[0] : special.eos) : null,
    pad_token_id: special.pad ?? null,
  }
}
