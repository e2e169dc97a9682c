// Reads texts with our tokenizers, for check_tokenizers.py. Standard input: { "folder": DIR, "gguf": FILE, "vocab": V, "texts": [text, …] }.
// Standard output: the ids of each text by the folder and by the GGUF file, and the vocabulary that we would write for the folder.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readGgufHeader } from '../../src/formats/gguf'
import { MemorySource } from '../../src/formats/memory-source'
import type { TokenizerSource } from '../../src/formats/model-file'
import { createTokenizer } from '../../src/tokenizer/create-tokenizer'
import { ggufTokenizerMetadata } from '../../src/tokenizer/hf-to-gguf'
import type { Tokenizer } from '../../src/tokenizer/tokenizer'

interface Asked {
  folder: string
  gguf: string
  vocab: number
  texts: string[]
}

const asked = JSON.parse(readFileSync(0, 'utf8')) as Asked
const json = (name: string) => JSON.parse(readFileSync(join(asked.folder, name), 'utf8')) as Record<string, unknown>
const read = (tokenizer: Tokenizer) => ({
  ids: asked.texts.map((text) => tokenizer.encode(text, { parseSpecial: true })),
  around: tokenizer.encode('a', { addSpecial: true }),
})

/** A result, or the sentence that refuses it. */
function tried<T>(make: () => T): T | string {
  try {
    return make()
  } catch (error) {
    return String(error)
  }
}

const source: Extract<TokenizerSource, { kind: 'hf' }> = {
  kind: 'hf',
  tokenizerJson: json('tokenizer.json'),
  tokenizerConfig: json('tokenizer_config.json'),
}
const folder = createTokenizer(source, asked.vocab)
const { metadata } = await readGgufHeader(new MemorySource(asked.gguf, new Uint8Array(readFileSync(asked.gguf))))
const started = performance.now()
const inFolder = read(folder)
const seconds = (performance.now() - started) / 1000
const inGguf = tried(() => read(createTokenizer({ kind: 'gguf', metadata }, asked.vocab)))
/** The keys in which the vocabulary that we write differs from the converter's. */
const differs = tried(() => {
  const ours = ggufTokenizerMetadata(source, folder, undefined, asked.vocab)
  const same = (key: string) => JSON.stringify(Array.from(ours[key] as string)) === JSON.stringify(Array.from(metadata[key] as string))
  return ['pre', 'tokens', 'token_type', 'merges'].map((name) => `tokenizer.ggml.${name}`).filter((key) => metadata[key] && !same(key))
})
process.stdout.write(JSON.stringify({ folder: inFolder, gguf: inGguf, seconds, differs }))
