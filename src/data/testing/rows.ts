// For tests: a tokenizer in which every byte is a token, and rows in memory as a file.
import { createTokenizer } from '../../tokenizer/create-tokenizer'
import { byteOfCharacter } from '../../tokenizer/byte-text'
import type { Tokenizer } from '../../tokenizer/tokenizer'
import type { DataOptions } from '../../config/data-options'
import { type Phrase, sentence } from '../../config/phrase'
import type { Dataset } from '../dataset'
import type { DataSource } from '../data-source'

export const bosId = 256
export const eosId = 257

/** Token ids are bytes; 256 = `<s>` (put in front if `addBos`), 257 = `</s>`, 258 = `<|im_start|>`, 259 = `<|im_end|>`; further `marks` are special tokens too. */
export function byteTokenizer(addBos = true, marks: readonly string[] = []): Tokenizer {
  const characters = [...byteOfCharacter].sort((a, b) => a[1] - b[1]).map(([character]) => character)
  const special = ['<s>', '</s>', '<|im_start|>', '<|im_end|>', ...marks]
  const metadata = {
    'tokenizer.ggml.model': 'gpt2',
    'tokenizer.ggml.pre': 'gpt-2',
    'tokenizer.ggml.tokens': [...characters, ...special],
    'tokenizer.ggml.token_type': [...characters.map(() => 1), ...special.map(() => 3)],
    'tokenizer.ggml.merges': [],
    'tokenizer.ggml.bos_token_id': bosId,
    'tokenizer.ggml.eos_token_id': eosId,
    'tokenizer.ggml.add_bos_token': addBos,
  }
  return createTokenizer({ kind: 'gguf', metadata }, characters.length + special.length)
}

export function memorySource(rows: readonly unknown[] | string, name = 'data.jsonl'): DataSource {
  const bytes = new TextEncoder().encode(typeof rows === 'string' ? rows : rows.map((row) => JSON.stringify(row)).join('\n'))
  return { name, sizeBytes: bytes.length, stream: () => new Blob([bytes]).stream(), read: async (at, size) => bytes.slice(at, at + size) }
}

export function dataOptions(overrides: Partial<DataOptions> = {}): DataOptions {
  return { format: 'auto', trainOn: 'completion', holdOut: 0, skipBadLines: false, seed: 0, ...overrides }
}

/** The text of a row's trained tokens. */
export function trainedText(dataset: Dataset, row = 0): string {
  const { ids, trained } = dataset.example(row)
  return dataset.encoder.tokenizer.decode([...ids].filter((_, t) => trained[t]))
}

/** A row as text with the trained part in ⟦⟧. */
export function shown(dataset: Dataset, row = 0, maxLength?: number): string {
  let text = ''
  let inside = false
  for (const { text: piece, role } of dataset.preview(row, maxLength).tokens) {
    const trained = role === 'trained'
    if (trained !== inside) text += trained ? '⟦' : '⟧'
    inside = trained
    text += role === 'cut' ? `~${piece}` : piece
  }
  return inside ? `${text}⟧` : text
}

/** Phrases in English. */
export const english = (phrases: readonly Phrase[]): string[] => phrases.map((phrase) => sentence(phrase))

/** A dataset's problems in English. */
export const problemsOf = ({ problems }: Pick<Dataset, 'problems'>): { line: number; reason: string }[] =>
  problems.map(({ line, reason }) => ({ line, reason: sentence(reason) }))
