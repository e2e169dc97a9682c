// The special tokens that a chat template can write. transformers gives it those that the tokenizer's own files name (`special_tokens_map`
// in tokenization_utils_base.py). Ids in config.json are the model's, and a template that writes `bos_token` writes nothing for them.
import type { TokenizerSource } from '../formats/model-file'
import { hasOwnTokens, isRebuilt, tokenText } from './hf-tokenizer'
import type { TemplateTokens } from './template-renderer'
import type { Tokenizer } from './tokenizer'

const others = ['pad_token', 'unk_token', 'cls_token', 'sep_token', 'mask_token'] as const

/** The texts of the tokens that a template of `source` writes. */
export function templateTokens(source: TokenizerSource, tokenizer: Tokenizer): TemplateTokens {
  const text = (id: number | undefined): string | undefined => (id === undefined ? undefined : tokenizer.token(id))
  const [bos, eos] = [text(tokenizer.bos), text(tokenizer.eos[0])]
  const named = (tokens: Readonly<Record<string, string | undefined>>): Record<string, string> =>
    Object.fromEntries(Object.entries(tokens).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])))
  if (source.kind === 'gguf')
    return { bosToken: bos, eosToken: eos, others: named({ pad_token: text(tokenizer.pad), unk_token: text(tokenizer.unk) }) }
  const { tokenizerConfig: config } = source
  const own = hasOwnTokens(config)
  // null says that there is none, whatever the class.
  const said = (key: string, ofClass: string | undefined) => (own && config[key] === undefined ? ofClass : tokenText(config[key]))
  return {
    bosToken: said('bos_token', bos),
    eosToken: said('eos_token', eos),
    others: named(
      Object.fromEntries(others.map((key) => [key, said(key, key === 'unk_token' && isRebuilt(config) ? '<unk>' : undefined)])),
    ),
  }
}
