import { existsSync, openAsBlob, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { askedOf } from '../config/asking'
import type { DataOptions } from '../config/data-options'
import { directRenderer } from '../tokenizer/template-renderer'
import { createTokenizer } from '../tokenizer/create-tokenizer'
import { noTokenizer } from '../tokenizer/no-tokenizer'
import { promptIds } from './encode-sample'
import { cutAt } from './cut-at-length'
import { evalTextOf } from './eval-text'
import { dataReport, refuseProblems } from './report'
import { rowsAt } from './run-rows'
import { bosId, byteTokenizer, dataOptions, eosId, memorySource, shown, english, problemsOf } from './testing/rows'
import { type DataSource, fileSource } from './data-source'
import { tokenizeDataset } from './tokenize-dataset'

const chatml = `{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}`
const bytes = byteTokenizer()
const made = (rows: readonly unknown[] | string, options: Partial<DataOptions> = {}, template?: string) =>
  tokenizeDataset(memorySource(rows), bytes, template === undefined ? undefined : directRenderer(template), dataOptions(options))

describe('the text of held-out answers', () => {
  it('has the characters of its words, whatever their tokens are, and the tokens that the loss counts', async () => {
    const dataset = await made([
      { prompt: 'Q', completion: 'Grüße 🙂' },
      { prompt: 'Q', completion: 'ab' },
    ])
    const rows = { evalDataset: dataset, eval: Int32Array.of(0, 1) }
    // ü and ß are two bytes each, 🙂 is four; each answer has an end token.
    expect(evalTextOf(rows, 512)).toEqual({ tokens: 12 + 1 + 2 + 1, characters: 7 + 2 })
    expect(evalTextOf({ ...rows, eval: Int32Array.of(1) }, 512)).toEqual({ tokens: 3, characters: 2 })
    expect(evalTextOf({ ...rows, eval: Int32Array.of() }, 512)).toBeUndefined()
  })
})

describe('examples without a chat template', () => {
  it('train on all of a text', async () => {
    expect(shown(await made([{ text: 'ab' }]))).toBe('<s>⟦ab</s>⟧')
    expect(shown(await made([{ story: 'ab', id: 3 }]))).toBe('<s>⟦ab</s>⟧')
  })
  it('train on the completion, after a line break if the data has no space there', async () => {
    expect(shown(await made([{ prompt: 'Q', completion: 'A' }]))).toBe('<s>Q\n⟦A</s>⟧')
    expect(shown(await made([{ prompt: 'Q', completion: ' A' }]))).toBe('<s>Q⟦ A</s>⟧')
    expect(shown(await made([{ question: 'Q:\n', answer: 4 }]))).toBe('<s>Q:\n⟦4</s>⟧')
  })
  it('put the input and the task description into the prompt', async () => {
    const rows = [
      { instruction: 'I', input: 'x', output: 'y' },
      { instruction: 'I', input: '', output: 'z' },
    ]
    const dataset = await made(rows, { taskDescription: 'Task.' })
    expect([shown(dataset), shown(dataset, 1)]).toEqual(['<s>Task.\nI\nx\n⟦y</s>⟧', '<s>Task.\nI\n⟦z</s>⟧'])
    expect(dataset.format).toBe('instruction')
  })
  it('train on the last turn, on all of the assistant’s turns, or on everything', async () => {
    const rows = [
      {
        messages: [
          { role: 'system', content: 'S' },
          { role: 'user', content: 'a' },
          { role: 'assistant', content: 'b' },
          { role: 'user', content: [{ type: 'text', text: 'c' }] },
          { role: 'assistant', content: [{ type: 'text', value: 'd' }] },
        ],
      },
    ]
    expect(shown(await made(rows))).toBe('<s>System: S\nUser: a\nAssistant: b</s>\nUser: c\nAssistant:⟦ d</s>⟧')
    expect(shown(await made(rows, { trainOn: 'all-assistant' }))).toBe(
      '<s>System: S\nUser: a\nAssistant:⟦ b</s>⟧\nUser: c\nAssistant:⟦ d</s>⟧',
    )
    expect(shown(await made(rows, { trainOn: 'everything' }))).toBe('<s>⟦System: S\nUser: a\nAssistant: b</s>\nUser: c\nAssistant: d</s>⟧')
  })
  it('never read special tokens in text from people', async () => {
    expect((await made([{ text: 'a</s>b' }])).example(0).ids.filter((id) => id === eosId)).toHaveLength(1)
    expect(english((await made([{ text: 'a</s>b' }])).notes).join()).toMatch(/1 row has special tokens written out \(the first: <\/s>\)/)
  })
  it('are noted if their answer is empty', async () => {
    const empty = /has an empty answer, from which the model learns to end its answer at once|have an empty answer/
    const turns = (answer: object) => ({
      messages: [
        { role: 'user', content: 'a' },
        { role: 'assistant', content: '', ...answer },
      ],
    })
    const pairs = await made([
      { prompt: 'a', completion: '' },
      { prompt: 'b', completion: ' \n' },
      { prompt: 'c', completion: 'd' },
    ])
    expect(english(pairs.notes).join()).toMatch(/2 rows have an empty answer/)
    expect(english((await made([turns({})])).notes).join()).toMatch(empty)
    expect(english((await made([turns({ content: null, refusal: 'No.' })])).notes).join()).toMatch(empty)
    expect(english((await made([turns({ content: '0' }), turns({ reasoning_content: 'r' })])).notes).join()).not.toMatch(empty)
  })
})

describe('examples with a chat template', () => {
  it('write pairs and turns as the template does', async () => {
    const start = '<|im_start|>user\nI\nx<|im_end|>\n<|im_start|>assistant\n'
    expect(shown(await made([{ instruction: 'I', input: 'x', output: 'y' }], {}, chatml))).toBe(`${start}⟦y<|im_end|>⟧`)
    const rows = [
      {
        conversations: [
          { from: 'human', value: 'a' },
          { from: 'gpt', value: 'b' },
          { from: 'human', value: 'c' },
          { from: 'gpt', value: 'd' },
          { from: 'human', value: 'never answered' },
        ],
      },
    ]
    expect(shown(await made(rows, { trainOn: 'all-assistant' }, chatml))).toBe(
      '<|im_start|>user\na<|im_end|>\n<|im_start|>assistant\n⟦b<|im_end|>⟧\n<|im_start|>user\nc<|im_end|>\n<|im_start|>assistant\n⟦d<|im_end|>⟧',
    )
  })
  it('end an answer with the end token if the template does not', async () => {
    const bare = '{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}{% if add_generation_prompt %}[assistant]{% endif %}'
    expect(shown(await made([{ prompt: 'Q', completion: 'A' }], {}, bare))).toBe('[user]Q[assistant]⟦A</s>⟧')
  })
  it('give function calls to the assistant and results to tools, and show tools to templates that know them', async () => {
    const rows = [
      {
        tools: '[{"name":"f"}]',
        conversations: [
          { from: 'human', value: 'q' },
          { from: 'function_call', value: '{"name":"f"}' },
          { from: 'observation', value: '7' },
          { from: 'gpt', value: 'seven' },
        ],
      },
    ]
    expect(shown(await made(rows, { trainOn: 'all-assistant' }))).toBe(
      '<s>Tools: [{"name":"f"}]\nUser: q\nAssistant:⟦ {"name":"f"}</s>⟧\nTool: 7\nAssistant:⟦ seven</s>⟧',
    )
    expect(shown(await made(rows, {}, chatml))).toContain('<|im_start|>user\n7<|im_end|>')
    const knows = `{% if tools %}{{ tools[0].name }}|{% endif %}${chatml}`
    expect(shown(await made(rows, {}, knows))).toMatch(/^f\|.*<\|im_start\|>tool\n7<\|im_end\|>/s)
  })
  it('report conversations that the template refuses', async () => {
    const dataset = await made(
      [
        { prompt: 'bad', completion: 'x' },
        { prompt: 'good', completion: 'y' },
      ],
      {},
      `{% if messages[0].content == 'bad' %}{{ raise_exception('not this') }}{% endif %}${chatml}`,
    )
    expect([dataset.rows, problemsOf(dataset)]).toEqual([1, [{ line: 1, reason: 'the chat template refuses it (not this)' }]])
  })
})

describe('asking', () => {
  it.each([
    ['a pair', [{ prompt: 'Q', completion: 'A b' }], undefined],
    ['a pair in a template', [{ prompt: 'Q', completion: 'A b' }], chatml],
    [
      'a chat',
      [
        {
          messages: [
            { role: 'user', content: 'Q' },
            { role: 'assistant', content: 'A b' },
          ],
        },
      ],
      chatml,
    ],
  ])('%s has the ids that stand before the answer in training', async (_, rows, template) => {
    const dataset = await made(rows, { taskDescription: 'T' }, template)
    const question = await dataset.question(0)
    expect(question?.expected).toBe('A b')
    expect(question?.promptIds).toEqual(await promptIds('Q', { ...dataset.encoder, asked: askedOf(dataset.asking)! }))
  })
  it('returns answers that the vocabulary cannot write, and nothing for texts', async () => {
    expect(await (await made([{ text: 'x' }])).question(0)).toBeUndefined()
    const chat = await made([
      {
        messages: [
          { role: 'user', content: 'Q' },
          { role: 'assistant', content: 'A' },
        ],
      },
    ])
    expect(bytes.decode((await chat.question(0))?.promptIds ?? [])).toBe('<s>User: Q\nAssistant:')
    expect((await chat.question(0))?.expected).toBe('A')
  })
})

describe('tokenised rows', () => {
  it('are trained on the same positions as in transformers', async () => {
    const rows = [
      { input_ids: [5, 6, 7, 8], labels: [5, -100, 7, 9] },
      { input_ids: [1, 2, 3, 0], attention_mask: [1, 1, 1, 0] },
    ]
    const dataset = await tokenizeDataset(memorySource(rows), noTokenizer(10), undefined, dataOptions())
    expect(dataset.example(0)).toEqual({
      row: 0,
      ids: Int32Array.of(5, 6, 7, 8),
      trained: Uint8Array.of(1, 0, 1, 1),
      labels: Int32Array.of(5, -100, 7, 9),
    })
    expect(dataset.example(1)).toEqual({ row: 1, ids: Int32Array.of(1, 2, 3), trained: Uint8Array.of(1, 1, 1) })
    // Whether the first is trained depends on the method; the preview is everyone's.
    expect(dataset.preview(0).tokens.map((t) => t.role)).toEqual(['context', 'context', 'trained', 'trained'])
  })
  it('that exceed the vocabulary are reported with id and place', async () => {
    const dataset = await tokenizeDataset(
      memorySource([
        { input_ids: [1, 2] },
        { input_ids: [1, 10] },
        { input_ids: [1, 2], labels: [1] },
        { input_ids: ['a'] },
        { input_ids: [1, 2], labels: [-100, -100] },
      ]),
      noTokenizer(10),
      undefined,
      dataOptions(),
    )
    expect(problemsOf(dataset)).toEqual([
      { line: 2, reason: 'input_ids: expected ids from 0 to 9, as the model has, got 10 at position 1' },
      { line: 3, reason: 'labels: expected 2 of them, as many as input_ids, got 1' },
      { line: 4, reason: 'input_ids: expected a list of whole numbers, got a list' },
      { line: 5, reason: 'no token in it is marked for training' },
    ])
  })
})

describe('limits and problems', () => {
  it('rows are cut on the right, and a prompt that leaves nothing to train on is reported', async () => {
    const dataset = await made([
      { prompt: 'Q', completion: 'abcdef' },
      { prompt: 'long prompt', completion: 'x' },
    ])
    expect(shown(dataset, 0, 6)).toBe('<s>Q\n⟦abc⟧~d~e~f~</s>')
    expect(dataset.example(0, 6).cutFrom).toBe(4)
    const { rows, cutRows, tokens, trainedTokens, longest, problems } = cutAt(dataset, 6)
    expect([[...rows], cutRows, tokens, trainedTokens, longest]).toEqual([[0], 1, 6, 3, 10])
    expect(problemsOf({ problems })).toEqual([
      { line: 2, reason: 'its prompt of 13 tokens fills the maximum length of 6, so nothing is left to train on' },
    ])
  })
  it('problems keep their order, and stop the run unless asked otherwise', async () => {
    const dataset = await made('{"prompt":"a","completion":"b"}\nnonsense\n{"prompt":"a"}\n{"prompt":"c","completion":"d"}')
    expect(dataset.problems.map((p) => p.line)).toEqual([2, 3])
    expect(problemsOf(dataset)[1].reason).toBe('completion: expected text, got nothing')
    expect(() => refuseProblems(cutAt(dataset, 512), { skipBadLines: false })).toThrow(
      /expected 4 rows to train on, got 2 rows that cannot be used \(line 2: not JSON/,
    )
    expect(() => refuseProblems(cutAt(dataset, 512), { skipBadLines: true })).not.toThrow()
  })
  it('an unusable file is described', async () => {
    await expect(made('')).rejects.toThrow('data.jsonl: expected at least one row to train on, got an empty file.')
    await expect(made('x\ny')).rejects.toThrow(/got 2 rows that cannot be used \(line 1: not JSON/)
    await expect(made([{ a: 1, b: 'x', c: 'y' }])).rejects.toThrow(/expected text, prompt and completion.*got columns a, b, c/)
    await expect(made([{ b: 'x' }], { columns: { prompt: 'b', completion: 'zz' } })).rejects.toThrow(/expected the column zz/)
    await expect(tokenizeDataset(memorySource([{ text: 'x' }]), noTokenizer(9), undefined, dataOptions())).rejects.toThrow(
      /tokenizer: expected tokenizer.json/,
    )
  })
  it('columns are taken as chosen by hand, and unused ones are named', async () => {
    const dataset = await made([{ a: 1, b: 'x', c: 'y' }], { columns: { prompt: 'b', completion: 'c' } })
    expect(shown(dataset)).toBe('<s>x\n⟦y</s>⟧')
    expect(english(dataset.notes)).toEqual(['Columns that are not used: a.'])
  })
  it('reading stops when asked and reports progress', async () => {
    const stop = new AbortController()
    stop.abort()
    await expect(
      tokenizeDataset(memorySource([{ text: 'x' }]), bytes, undefined, dataOptions(), { signal: stop.signal }),
    ).rejects.toMatchObject({ kind: 'Cancelled' })
    const told: (number | undefined)[] = []
    await tokenizeDataset(memorySource([{ text: 'x' }]), bytes, undefined, dataOptions(), { onProgress: (p) => told.push(p.fraction) })
    expect(told.at(-1)).toBe(1)
  })
  it('the report counts what there is', async () => {
    const dataset = await made([{ text: 'a' }, { text: 'abcdefgh' }, { text: 'ab' }, { text: 'abc' }])
    const report = dataReport('d', rowsAt({ dataset, holdOut: 0.25, seed: 1 }, 512))
    expect(report).toMatchObject({
      rows: 4,
      trainRows: 3,
      evalRows: 1,
      evalSource: 'held out',
      tokens: 14 + 8,
      trainedTokens: 14 + 4,
      cutRows: 0,
      columns: ['text'],
    })
    expect(report.histogram).toEqual({ binWidth: 1, counts: [0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 1], longest: 10 })
  })
})

const shared = '../shared'
if (!existsSync(shared)) console.log('skipped: datasets of ../shared, which is absent')
describe.skipIf(!existsSync(shared))('shared datasets', () => {
  const file = async (name: string): Promise<DataSource> => {
    return fileSource(new File([await openAsBlob(`${shared}/datasets/${name}`)], name))
  }
  it.each([
    ['alpaca.en.json', 'instruction', 999],
    ['alpaca.zh.json', 'instruction', 1000],
    ['dpo.sharegpt.json', 'conversations', 60],
    ['gsm8k.test.jsonl', 'prompt-completion', 1319],
    ['gsm8k.train1500.jsonl', 'prompt-completion', 1500],
    ['messages.parts.jsonl', 'messages', 500],
    ['prompt-completion.200.jsonl', 'prompt-completion', 200],
    ['sharegpt.toolcall.json', 'conversations', 60],
    ['tinystories.train.jsonl', 'text', 153],
    ['viggo.train.jsonl', 'instruction', 5103],
    ['viggo.test.jsonl', 'instruction', 1083],
    ['wikisql.train.jsonl', 'text', 1000],
  ])(
    '%s is %s with %i rows, none lost',
    async (name, format, rows) => {
      const source = await file(name)
      for (const template of (source.sizeBytes ?? 0) < 500_000 ? [undefined, chatml] : [chatml]) {
        const dataset = await tokenizeDataset(
          source,
          bytes,
          template ? directRenderer(template) : undefined,
          dataOptions({ trainOn: 'all-assistant' }),
        )
        expect(problemsOf(dataset), name).toEqual([])
        expect([dataset.format, dataset.rows]).toEqual([format, rows])
        expect(Boolean((await dataset.question(0))?.expected)).toBe(format !== 'text')
      }
    },
    60_000,
  )

  it('preference pairs train on the chosen answer and say so', async () => {
    const dataset = await tokenizeDataset(await file('dpo.sharegpt.json'), bytes, undefined, dataOptions())
    const rows = JSON.parse(readFileSync(`${shared}/datasets/dpo.sharegpt.json`, 'utf8')) as { chosen: { value: string } }[]
    expect((await dataset.question(0))?.expected).toBe(rows[0].chosen.value)
    expect(english(dataset.notes)[0]).toMatch(/preference pairs/)
  })

  it('answers are kept word for word if the vocabulary lacks characters', async () => {
    const read = (name: string) => JSON.parse(readFileSync(`${shared}/models/TinyStories-656K/${name}`, 'utf8')) as Record<string, unknown>
    const tokenizer = createTokenizer(
      { kind: 'hf', tokenizerJson: read('tokenizer.json'), tokenizerConfig: read('tokenizer_config.json') },
      2048,
    )
    const dataset = await tokenizeDataset(await file('viggo.valid.jsonl'), tokenizer, undefined, dataOptions())
    const rows = readFileSync(`${shared}/datasets/viggo.valid.jsonl`, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { output: string })
    expect(dataset.rows).toBe(714)
    for (let row = 0; row < dataset.rows; row++) expect((await dataset.question(row))?.expected).toBe(rows[row].output)
    expect(dataset.example(0).ids[0]).toBe(1)
    const characters = ['[', ']', '(', ')', '/', '&', 'é', 'è']
    expect(cutAt(dataset, 512).unknown).toMatchObject({ rows: 714, readAs: '<unk>', characters })
    expect(bosId).toBe(256)
  })
})

describe('the preview of a very long row', () => {
  it('has the trained part and says how much is left out', async () => {
    const rows = [{ prompt: 'p'.repeat(9000), completion: 'answer' }]
    const dataset = await tokenizeDataset(memorySource(rows), byteTokenizer(false), undefined, dataOptions())
    const { tokens, skipped } = dataset.preview(0)
    expect(tokens).toHaveLength(4096)
    expect(skipped).toEqual({ at: 1024, count: dataset.length(0) - 4096 })
    const trained = tokens.filter((token) => token.role === 'trained').map((token) => token.text)
    expect(trained.join('')).toBe('answer</s>')
  })
})

describe('a row with more tokens than are kept', () => {
  const read = (rows: unknown[], keep: number) =>
    tokenizeDataset(memorySource(rows), byteTokenizer(false), undefined, dataOptions(), { keep })
  it('shows and trains the first of them, says how many follow, and counts its whole length', async () => {
    const dataset = await read([{ prompt: 'Q', completion: 'abcdef' }], 5)
    expect(dataset.preview(0)).toMatchObject({ tokens: { length: 5 }, more: 4 })
    expect([dataset.length(0), dataset.longest, [...dataset.lengths(undefined, 100)]]).toEqual([9, 9, [5]])
    expect(dataset.example(0)).toMatchObject({ ids: { length: 5 }, cutFrom: 4 })
  })
  it('is matched only by the whole answer', async () => {
    const rows = [
      { prompt: 'Q', completion: 'abcdef' },
      { input_ids: [81, 97, 98, 99, 257], labels: [-100, 97, 98, 99, 257] },
    ]
    for (const row of rows) {
      const kept = await (await read([row], 3)).question(0)
      expect(kept?.expected).toBe((await (await read([row], 100)).question(0))?.expected)
      expect(kept?.expectedIds.length).toBeLessThan(3)
    }
  })
  it('cannot be asked by half a prompt', async () => {
    const rows = [{ input_ids: [1, 2, 3, 4, 5], labels: [-100, 2, -100, -100, 5] }]
    const dataset = await read(rows, 3)
    await expect(dataset.question(0)).rejects.toThrow('data.jsonl, line 1: expected a prompt of at most 3 tokens, got one of 4.')
  })
})
