// The files of a tokenizer in a Hugging Face folder, with the tokens that were added to the vocabulary.
import type { ModelFile } from '../formats/model-file'
import { extendedTokenizerJson, nextTokenId, withTokens } from '../tokenizer/added-tokens'
import { hfTokenizerFiles } from '../tokenizer/gguf-to-hf'
import type { FolderFile } from './model-folder'

type Json = Record<string, unknown>

const isTokenizers = (name: string) => /^(tokenizer|special_tokens|added_tokens|vocab|merges|chat_template)/.test(name)
const decoded = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes)) as Json
const encoded = (value: unknown) => new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`)

/** tokenizer_config.json. If it has a list of added tokens, the new ones are added to it. */
function extendedConfig(config: Json, tokens: readonly string[], first: number): Json {
  const listed = config.added_tokens_decoder as Json | undefined
  if (!listed) return config
  const how = { lstrip: false, normalized: false, rstrip: false, single_word: false, special: false }
  return {
    ...config,
    added_tokens_decoder: { ...listed, ...Object.fromEntries(tokens.map((content, i) => [first + i, { content, ...how }])) },
  }
}

/** The model's tokenizer files with `tokens` added; no files if the model has none. */
export async function tokenizerFiles(file: ModelFile, tokens: readonly string[]): Promise<FolderFile[]> {
  const source = file.tokenizer
  if (source?.kind === 'gguf') {
    const extended = withTokens(source, tokens)
    if (extended.kind !== 'gguf') return []
    const vocab = Math.max(file.config.vocab, nextTokenId(source) + tokens.length)
    const { tokenizer, config } = hfTokenizerFiles(extended.metadata, vocab)
    return [
      { path: 'tokenizer.json', bytes: encoded(tokenizer) },
      { path: 'tokenizer_config.json', bytes: encoded(config) },
    ]
  }
  if (!source) return []
  const first = nextTokenId(source)
  const out = new Map<string, Uint8Array<ArrayBuffer>>()
  for (const companion of file.companions ?? []) {
    const path = companion.name.replace(/^.*\//, '')
    if (isTokenizers(path)) out.set(path, (await companion.read(0, companion.sizeBytes)).slice())
  }
  if (!tokens.length) return [...out].map(([path, bytes]) => ({ path, bytes }))
  out.set('tokenizer.json', encoded(extendedTokenizerJson(source.tokenizerJson, tokens, first)))
  const config = out.get('tokenizer_config.json')
  if (config) out.set('tokenizer_config.json', encoded(extendedConfig(decoded(config), tokens, first)))
  const before = out.get('added_tokens.json')
  out.set('added_tokens.json', encoded({ ...(before && decoded(before)), ...Object.fromEntries(tokens.map((t, i) => [t, first + i])) }))
  return [...out].map(([path, bytes]) => ({ path, bytes }))
}
