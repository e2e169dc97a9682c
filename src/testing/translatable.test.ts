// Sentences about files are phrases with no English in their values, so a second language can translate every word.
import { describe, expect, it } from 'vitest'
import { TabTuneError } from '../config/errors'
import { type Phrase, sentence } from '../config/phrase'
import { shown } from '../formats/shown'
import { checkUsual } from '../formats/families/setting'
import { MemorySource } from '../formats/memory-source'
import { openModel } from '../formats/open-model'
import { checkSpecialTokens } from '../formats/special-tokens'
import { targetSites } from '../peft/targets'
import { unzipBlob } from '../storage/unzip'
import { checkNewTokens } from '../tokenizer/added-tokens'
import { ggufVocabulary } from '../tokenizer/gguf-vocabulary'
import { TemplateBudget } from '../tokenizer/template-budget'
import { checkTokenIds } from '../tokenizer/token-ids'
import { checkTokenizerJson } from '../tokenizer/tokenizer-schema'
import { madeZip } from './made-zip'

/** A language that has every sentence, in capitals. */
const capitals = new Proxy<Record<string, string>>(
  {},
  {
    get: (_, key) => String(key).toUpperCase(),
    getOwnPropertyDescriptor: (_, key) => ({ value: String(key).toUpperCase(), configurable: true, enumerable: true }),
  },
)

async function phraseThrown(act: () => unknown): Promise<Phrase> {
  try {
    await act()
  } catch (error) {
    if (error instanceof TabTuneError) return error.phrase
    throw error
  }
  throw new Error('nothing was thrown')
}

const bytes = (text: string) => new TextEncoder().encode(text)
const metadata = (change: object) => ({ 'tokenizer.ggml.tokens': ['a', 'b'], ...change })
const tokenizerJson = (change: object) => ({ model: { type: 'BPE', vocab: { a: 0 }, merges: [] }, ...change })
const entry = { path: 'A.JSON', bytes: bytes('{}') }

/** Names in files: they are the same in every language. */
const names = /[\w.]+\.json|normalizer\.normalizers|eos_token|added_tokens|merges|bos_token_id/g

// All other values in these sentences are written in capitals, so small letters are words that cannot be translated.
describe('no word of a sentence is fixed in English', () => {
  it.each<[string, () => unknown]>([
    ['a vocabulary without tokens', () => ggufVocabulary({}, 4)],
    ['a vocabulary of wrong values', () => ggufVocabulary(metadata({ 'tokenizer.ggml.merges': [1], 'tokenizer.ggml.bos_token_id': 9 }), 4)],
    ['a vocabulary of wrong merges', () => ggufVocabulary(metadata({ 'tokenizer.ggml.merges': ['AB'] }), 4)],
    ['ids that are absent', () => checkTokenIds({ added_tokens: Array.from({ length: 5 }, () => ({ content: 'T' })) }, 4)],
    ['tokens that are known', () => checkNewTokens({ kind: 'gguf', metadata: metadata({}) }, ['C', 'C'])],
    ['a template that makes too much', () => new TemplateBudget().list(2 ** 30, 1, 1)],
    ['a template that takes too long', () => new TemplateBudget().charge(1e12)],
    ['a tokenizer.json whose list is too long', () => checkTokenizerJson(tokenizerJson({ normalizer: { type: 'Sequence', normalizers: Array.from({ length: 99 }, () => ({ type: 'NFC' })) } }))], // prettier-ignore
    ['a token of another type', () => checkSpecialTokens({ eos_token: 3 })],
    ['an unusual setting', () => checkUsual('KEY', 2, shown(undefined), false)],
    ['a zip under a password', () => unzipBlob('X.ZIP', new Blob([madeZip([{ ...entry, flags: 1 }])]))],
    ['a zip that is cut off', () => unzipBlob('X.ZIP', new Blob([bytes('PK')]))],
    ['a zip with a file that is damaged', () => unzipBlob('X.ZIP', new Blob([madeZip([{ ...entry, crc: 1 }])]))],
    ['a model without files', () => openModel([new MemorySource('X', bytes(''))])],
    ['modules that are not there', () => targetSites({ sites: new Map() } as never, '')],
  ])('%s', async (_, act) => {
    const phrase = await phraseThrown(act)
    expect(sentence(phrase)).toMatch(/[a-z]{3}.*\.$/)
    expect(sentence(phrase, capitals).replaceAll(names, '')).not.toMatch(/[a-z]/)
  })
})
