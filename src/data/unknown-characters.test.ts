// Characters that a vocabulary cannot write are counted and named.
import { describe, expect, it } from 'vitest'
import type { DataOptions } from '../config/data-options'
import { createTokenizer } from '../tokenizer/create-tokenizer'
import { directRenderer } from '../tokenizer/template-renderer'
import { cutAt } from './cut-at-length'
import { dataLines, dataReport } from './report'
import { rowsAt } from './run-rows'
import { byteTokenizer, dataOptions, memorySource, english } from './testing/rows'
import { tokenizeDataset } from './tokenize-dataset'

/** A vocabulary of a few letters, without bytes. */
const letters = ['<unk>', '<s>', '</s>', '▁', 'a', 'b', 'c', '\n', ':', '|']
const few = createTokenizer(
  {
    kind: 'gguf',
    metadata: {
      'tokenizer.ggml.model': 'llama',
      'tokenizer.ggml.tokens': letters,
      'tokenizer.ggml.scores': letters.map((_, i) => -i),
      'tokenizer.ggml.token_type': letters.map((_, i) => (i === 0 ? 2 : i < 3 ? 3 : 1)),
      'tokenizer.ggml.bos_token_id': 1,
      'tokenizer.ggml.eos_token_id': 2,
      'tokenizer.ggml.unknown_token_id': 0,
    },
  },
  letters.length,
)
const made = (rows: readonly unknown[], options: Partial<DataOptions> = {}, template?: string) =>
  tokenizeDataset(memorySource(rows), few, template === undefined ? undefined : directRenderer(template), dataOptions(options))
const pair = (prompt: string, completion: string) => ({ prompt, completion })

describe('characters that the vocabulary cannot write', () => {
  it('are named, the most frequent first, invisible ones by their code, with their share of the trained tokens', async () => {
    const dataset = await made([pair('a', 'abc'), pair('aé', 'b[é'), pair('\u200b', 'a[c')])
    const rows = rowsAt({ dataset, holdOut: 0, seed: 0 }, 512)
    expect(rows.cut.unknown).toEqual({ characters: ['é', '[', 'U+200B'], count: 3, rows: 2, trainedTokens: 3, readAs: '<unk>' })
    expect(rows.cut.trainedTokens).toBe(12)
    expect(dataReport('d', rows).unknown).toEqual(rows.cut.unknown)
    expect(english(dataReport('d', rows).notes)).toEqual([])
    expect(dataLines(rows)[1]).toBe(
      "data.jsonl: 2 rows have characters that the model's vocabulary cannot write: é [ U+200B. They are read as <unk>: 25.0 % of the trained tokens.",
    )
  })
  it('count in rows that are trained on, before they are cut', async () => {
    const dataset = await made([pair('a', 'bbbb[[[['), pair('aaaaaaaaaaé', 'b')])
    const at = (length: number) => [cutAt(dataset, length).rows.length, cutAt(dataset, length).unknown]
    expect(at(8)).toEqual([1, expect.objectContaining({ characters: ['['], count: 1, rows: 1, trainedTokens: 0 })])
    expect(at(512)).toEqual([2, expect.objectContaining({ characters: ['[', 'é'], count: 2, rows: 2, trainedTokens: 4 })])
    expect(at(2)).toEqual([0, undefined])
  })
  it('are reported for every kind of row, and for an evaluation file', async () => {
    const turns = [
      { role: 'user', content: 'x' },
      { role: 'assistant', content: 'a' },
    ]
    const chat = await made([{ messages: turns }], {}, '{% for m in messages %}{{ m.content }}|{% endfor %}')
    expect(cutAt(chat, 512).unknown?.characters).toEqual(['x'])
    expect(cutAt(await made([{ text: 'aé' }]), 512).unknown?.characters).toEqual(['é'])
    const evalFile = await made([pair('a', 'b~')])
    const { notes, unknown } = dataReport(
      'd',
      rowsAt({ dataset: await made([pair('a', 'b')]), evalDataset: evalFile, holdOut: 0, seed: 0 }, 512),
    )
    expect(unknown).toBeUndefined()
    expect(english(notes)).toEqual([
      expect.stringMatching(/^data\.jsonl: 1 row has characters that .*: ~\. They are read as <unk>: 33\.3 %/),
    ])
  })
  it('are words if the vocabulary has whole words only', async () => {
    const model = { type: 'WordLevel', vocab: { '<unk>': 0, a: 1, cat: 2, '</s>': 3 }, unk_token: '<unk>' }
    const tokenizerJson = { pre_tokenizer: { type: 'Whitespace' }, model }
    const words = createTokenizer({ kind: 'hf', tokenizerJson, tokenizerConfig: { eos_token: '</s>' } }, 4)
    const dataset = await tokenizeDataset(memorySource([{ text: 'a cat dog a dog cow' }]), words, undefined, dataOptions())
    expect(dataLines(rowsAt({ dataset, holdOut: 0, seed: 0 }, 512))[1]).toMatch(/cannot write: dog cow\. They are read as <unk>: 50\.0 %/)
  })
  it('do not exist if all bytes can be written', async () => {
    const dataset = await tokenizeDataset(memorySource([{ text: 'é[]\u200b😀' }]), byteTokenizer(), undefined, dataOptions())
    expect(dataset.unknown).toBeUndefined()
  })
})
