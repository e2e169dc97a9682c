// What is said about a dataset, on the page and by the command line.
import { describe, expect, it } from 'vitest'
import type { DataOptions } from '../config/data-options'
import { TabTuneError } from '../config/errors'
import { type Dictionary, sentence } from '../config/phrase'
import type { Dataset } from './dataset'
import { dataLines, dataReport } from './report'
import { rowsAt } from './run-rows'
import { byteTokenizer, dataOptions, memorySource, english } from './testing/rows'
import { tokenizeDataset } from './tokenize-dataset'

const made = (rows: readonly unknown[] | string, options: Partial<DataOptions> = {}, name = 'train.jsonl') =>
  tokenizeDataset(memorySource(rows, name), byteTokenizer(false), undefined, dataOptions(options))
/** All rows for training, those of a file for evaluation. */
const split = (dataset: Dataset, evalDataset?: Dataset, maxLength = 512) => rowsAt({ dataset, evalDataset, holdOut: 0, seed: 0 }, maxLength)
const pair = (prompt: string, completion = 'yes') => ({ prompt, completion })

describe('rows that cannot be used', () => {
  it('are all counted and the first 1000 kept, in the order of their lines', async () => {
    // Every second line is lost at length 8; every fourth is no row at any length.
    const line = (i: number) => (i % 4 === 3 ? 'nonsense' : i % 2 ? pair('a prompt that is long') : pair('a'))
    const rows = Array.from({ length: 2400 }, (_, i) => line(i))
    const dataset = await made(rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n'))
    const { cut } = split(dataset, undefined, 8)
    expect([cut.rows.length, cut.problemCount]).toEqual([1200, 1200])
    expect(cut.problems.map((p) => p.line)).toEqual(Array.from({ length: 1000 }, (_, i) => 2 * i + 2))
  })
})

describe('rows that say where they are from', () => {
  it('are counted by their maker, and generated ones are not held out', async () => {
    const rows = Array.from({ length: 20 }, (_, i) => ({ ...pair(`a${i}`), _origin: { by: i < 15 ? 'template' : 'file' } }))
    const dataset = await made(rows)
    const held = rowsAt({ dataset, holdOut: 0.5, seed: 0 }, 512)
    expect(english(dataReport('d', held).notes)).toEqual(['15 of 20 rows were generated. They are not held out for evaluation.'])
    expect([...held.eval]).toEqual([15, 16, 17, 18, 19])
    expect(held.train).toHaveLength(15)
  })
})

describe('repeated rows', () => {
  it('are counted and the first is named', async () => {
    const dataset = await made([pair('a'), pair('b'), pair('a'), pair('a', 'no'), pair('b'), pair('a')])
    const report = dataReport('d', split(dataset))
    expect(english(report.notes)).toEqual(['3 of 6 rows repeat an earlier row (line 3 is the same as line 1).'])
    expect(english(dataReport('d', split(await made([pair('a'), pair('b'), pair('b')]))).notes)).toEqual([
      '1 of 3 rows repeats an earlier row (line 3 is the same as line 2).',
    ])
  })
  it('are distinguished by all of their text and by the part that is trained on', async () => {
    const rows = [pair('a'), pair('a '), pair('aa'), { prompt: 'a\n', completion: 'yes' }]
    expect(english(dataReport('d', split(await made(rows))).notes)).toEqual([])
    const tokens = [
      { input_ids: [1, 2, 3], labels: [-100, 2, 3] },
      { input_ids: [1, 2, 3], labels: [-100, 2, 4] },
      { input_ids: [1, 2, 3], labels: [-100, -100, 3] },
    ]
    expect(english(dataReport('d', split(await made(tokens))).notes)).toEqual([])
  })
  it('in training and in held-out rows are reported', async () => {
    const dataset = await made([pair('a'), pair('b'), pair('c'), pair('b')])
    const held = (train: number[], evalRows: number[]) =>
      dataReport('d', { ...split(dataset), train: Int32Array.from(train), eval: Int32Array.from(evalRows) })
    const { notes } = held([0, 1, 2], [3])
    expect(english(notes)[1]).toBe(
      '1 of 1 evaluation rows is also trained on (line 4 is the same as line 2), so the evaluation looks better than it is.',
    )
    expect(held([0, 2], [1, 3]).notes).toHaveLength(1)
  })
  it('in training and in an evaluation file are reported', async () => {
    const dataset = await made([pair('a'), pair('b'), pair('c')])
    const evalFile = await made([pair('x'), pair('c'), pair('a')], {}, 'test.jsonl')
    expect(english(dataReport('d', split(dataset, evalFile)).notes)).toEqual([
      '2 of 3 evaluation rows are also trained on (line 2 of test.jsonl is the same as line 3 of train.jsonl), so the evaluation looks better than it is.',
    ])
  })
})

describe('the command line', () => {
  it('says that rows are cut (cut-rows-not-told)', async () => {
    const dataset = await made([pair('list the colours', 'red, green, blue, '.repeat(12))])
    expect(dataLines(split(dataset, undefined, 64))).toEqual([
      'train.jsonl: 1 row read as prompt-completion, 64 tokens, 47 of them in the loss.',
      'train.jsonl: 1 of 1 rows is cut at 64 tokens (the longest row has 234).',
    ])
  })
  it('says everything that the page shows', async () => {
    const lines = [pair('a'), { ...pair('b'), source: 'web' }, pair('a')].map((row) => JSON.stringify(row))
    const dataset = await made([...lines, ...Array.from({ length: 12 }, () => 'nonsense')].join('\n'), { skipBadLines: true })
    const evalFile = await made(
      [`${JSON.stringify({ ...pair('a'), id: 7 })}\n{"prompt":"long","completion":"${'x'.repeat(600)}"}\n{}`][0],
      {},
      'eval.jsonl',
    )
    const said = dataLines(split(dataset, evalFile))
    expect(said.slice(0, 2)).toEqual([
      'train.jsonl: 3 rows read as prompt-completion, 18 tokens, 12 of them in the loss.',
      'train.jsonl: 12 rows cannot be used.',
    ])
    expect(said[2]).toMatch(/^train\.jsonl: line 4: not JSON/)
    expect(said.slice(12)).toEqual([
      'train.jsonl: … and 2 more.',
      'train.jsonl: Columns that are not used: source.',
      'train.jsonl: 1 of 3 rows repeats an earlier row (line 3 is the same as line 1).',
      'eval.jsonl: 1 row is left out (line 3: prompt: expected text, got nothing).',
      'eval.jsonl: 1 of 2 rows is cut at 512 tokens (the longest row has 606).',
      'eval.jsonl: Columns that are not used: id.',
      '1 of 2 evaluation rows is also trained on (line 1 of eval.jsonl is the same as line 1 of train.jsonl), so the evaluation looks better than it is.',
    ])
    const { notes, problems } = dataReport('d', split(dataset, evalFile))
    expect([problems.length, english(notes)]).toEqual([12, said.slice(13).map((line) => line.replace('train.jsonl: ', ''))])
  })
})

describe('in another language', () => {
  const german: Dictionary = {
    '{0} of {1} rows repeat an earlier row (line {2} is the same as line {3}).':
      '{0} von {1} Zeilen wiederholen eine frühere (Zeile {2} ist gleich Zeile {3}).',
    '{0}: expected at least one row to train on, got {1}. Correct the file, or choose another one.':
      '{0}: erwartet mindestens eine Zeile zum Trainieren, gefunden {1}. Berichtige die Datei oder wähle eine andere.',
    '1 row that cannot be used ({0})': 'eine unbrauchbare Zeile ({0})',
    'line {0}: {1}': 'Zeile {0}: {1}',
    '{0}: expected text, got {1}': '{0}: erwartet Text, gefunden {1}',
    null: 'nichts',
  }
  it('notes are translated', async () => {
    const { notes } = dataReport('d', split(await made([pair('a'), pair('b'), pair('a'), pair('a')])))
    expect(sentence(notes[0], german)).toBe('2 von 4 Zeilen wiederholen eine frühere (Zeile 3 ist gleich Zeile 1).')
  })
  it('errors are translated with the reasons inside them', async () => {
    const error: unknown = await made([{ text: null }], { columns: { text: 'text' } }).catch((thrown: unknown) => thrown)
    expect(error instanceof TabTuneError && sentence(error.phrase, german)).toBe(
      'train.jsonl: erwartet mindestens eine Zeile zum Trainieren, gefunden eine unbrauchbare Zeile (Zeile 1: text: erwartet Text, gefunden nichts). Berichtige die Datei oder wähle eine andere.',
    )
  })
})
