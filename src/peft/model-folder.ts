// The files beside the weights in a Hugging Face folder that we write: config.json, generation_config.json and those of the tokenizer.
import { TabTuneError } from '../config/errors'
import { parseJson, recordOf, stringifyJson } from '../config/exact-json'
import type { Phrase } from '../config/phrase'
import { hfConfigJson } from '../formats/hf-config-write'
import type { ModelFile } from '../formats/model-file'
import type { ByteSource } from '../formats/source'
import { hfTokenizerFiles } from '../tokenizer/gguf-to-hf'

export type FloatType = 'f32' | 'f16' | 'bf16'

export interface FolderFile {
  path: string
  bytes: Uint8Array<ArrayBuffer>
}

const torchNames = { f32: 'float32', f16: 'float16', bf16: 'bfloat16' } as const

type Json = Record<string, unknown>

const encoded = (value: unknown) => new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`)

/** One key per line. Numbers are written as in the original file, since transformers refuses 30 where it expects 30.0. */
function settingsText(settings: Json): Uint8Array<ArrayBuffer> {
  const lines = Object.entries(settings).map(([key, value]) => `  ${JSON.stringify(key)}: ${stringifyJson(value)}`)
  return new TextEncoder().encode(`{\n${lines.join(',\n')}\n}\n`)
}

async function jsonOf(source: ByteSource): Promise<Json> {
  return recordOf(parseJson(new TextDecoder().decode(await source.read(0, source.sizeBytes)))) ?? {}
}

/** generation_config.json, in which transformers and vLLM look for end tokens; undefined if none are known. */
function generationConfig(before: Json | undefined, special: ModelFile['special'], ends: readonly number[]): Json | undefined {
  const ids = [...new Set([...(special.eos ?? []), ...ends])]
  if (!ids.length) return before
  const { bos, pad } = special
  const own = before ?? { ...(bos !== undefined && { bos_token_id: bos }), ...(pad !== undefined && { pad_token_id: pad }) }
  return { ...own, eos_token_id: ids.length === 1 ? ids[0] : ids }
}

/** The reason why no folder can be written for the model, or undefined. */
export async function folderProblem(file: ModelFile): Promise<Phrase | undefined> {
  try {
    await modelFolder(file, 'f32', [])
    return undefined
  } catch (error) {
    if (error instanceof TabTuneError) return error.phrase
    throw error
  }
}

/**
 * All files of a folder except its weights, which will have type `dtype`. For a GGUF base they are made from its metadata. `ends` are end
 * tokens in addition to those that the file names. @throws UnsupportedError if config.json cannot be made
 */
export async function modelFolder(file: ModelFile, dtype: FloatType, ends: readonly number[]): Promise<FolderFile[]> {
  const out: FolderFile[] = []
  let [config, generation]: (Json | undefined)[] = []
  for (const source of file.companions ?? []) {
    const path = source.name.replace(/^.*?((additional_chat_templates\/)?[^/]*)$/, '$1')
    if (path === 'config.json') config = await jsonOf(source)
    else if (path === 'generation_config.json') generation = await jsonOf(source)
    else out.push({ path, bytes: (await source.read(0, source.sizeBytes)).slice() })
  }
  if (file.tokenizer?.kind === 'gguf') {
    const { tokenizer, config: tokenizerConfig } = hfTokenizerFiles(file.tokenizer.metadata, file.config.vocab)
    out.push({ path: 'tokenizer.json', bytes: encoded(tokenizer) }, { path: 'tokenizer_config.json', bytes: encoded(tokenizerConfig) })
  }
  const generating = generationConfig(generation, file.special, ends)
  if (generating) out.push({ path: 'generation_config.json', bytes: settingsText(generating) })
  // The vocabulary may have grown. Models with image input keep the settings of the language model in text_config.
  const part = (config?.text_config ?? config) as Json | undefined
  const { vision, text, vocab, tied } = file.config
  // The classes of a model that compares pictures with texts are no part of it.
  if (part && vision && !text) {
    part.id2label = Object.fromEntries(vision.classes.map((name, i) => [String(i), name]))
    part.label2id = Object.fromEntries(vision.classes.map((name, i) => [name, i]))
  } else if (part && !vision) {
    part.vocab_size = vocab
    // Without this, a reader of the folder could tie two different tables.
    if (!tied) part.tie_word_embeddings = false
  }
  const { quantization_config: _packed, quantization: _mlx, compression_config: _old, dtype: _new, ...rest } = config ?? hfConfigJson(file)
  return [{ path: 'config.json', bytes: settingsText({ ...rest, torch_dtype: torchNames[dtype] }) }, ...out]
}
