// Rows are read once and cut later, at the maximum length of a run. The result equals that of cutting them while reading, in every batch.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DataOptions } from '../config/data-options'
import { defaultTraining } from '../config/run-config'
import { cutAt } from '../data/cut-at-length'
import { encodeSamples } from '../data/encode-sample'
import { type Rows, rowsAt } from '../data/run-rows'
import { byteTokenizer, dataOptions, memorySource } from '../data/testing/rows'
import { tokenizeDataset } from '../data/tokenize-dataset'
import { directRenderer } from '../tokenizer/template-renderer'
import { type BatchSource, planRunBatches } from './batches'

const chatml = `{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}`
const tokenizer = byteTokenizer()
const context = 120

const words = fc.string({ minLength: 1, maxLength: 60 })
const turns = fc.array(fc.tuple(words, words), { minLength: 1, maxLength: 3 }).map((rounds) => ({
  messages: rounds.flatMap(([q, a]) => [
    { role: 'user', content: q },
    { role: 'assistant', content: a },
  ]),
}))
const ids = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 2, maxLength: 150 })
const marked = ids.chain((input_ids) =>
  fc
    .array(fc.constantFrom(true, false), { minLength: input_ids.length, maxLength: input_ids.length })
    // Some labels differ from their ids.
    .map((kept) => ({ input_ids, labels: input_ids.map((id, t) => (!kept[t] ? -100 : t % 7 === 3 ? (id + 1) % 256 : id)) })),
)
const trainOns = fc.constantFrom('completion', 'all-assistant', 'everything')
const many = (row: fc.Arbitrary<unknown>) => fc.array(row, { minLength: 1, maxLength: 12 })
const kinds = {
  text: { rows: many(fc.record({ text: words })) },
  pairs: { rows: many(fc.record({ prompt: words, completion: words })) },
  'pairs in a template': { rows: many(fc.record({ prompt: words, completion: words })), template: chatml },
  conversations: { rows: many(turns), template: chatml },
  'conversations without a template': { rows: many(turns) },
  'token ids': { rows: many(marked) },
}

/** Every batch of a source, as plain numbers. */
const batches = async (source: BatchSource) => (await Promise.all(Array.from({ length: source.count }, (_, i) => source.get(i)))).flat()

/** All that a run sees of its rows. */
async function seen(rows: Rows, maxLength: number, packing: boolean) {
  const training = defaultTraining({ maxLength, packing, batchSize: 3, epochs: 2, seed: 5 })
  const plan = planRunBatches(rows, training, { leadsRows: !packing })
  // Each of two epochs has every row once.
  expect([0, plan.train.count].map(plan.train.epochs)).toEqual([0, 2])
  return { ...plan, train: await batches(plan.train), evaluation: await batches(plan.evaluation) }
}

describe.each(Object.entries(kinds))('%s, read once', (_, { rows, ...kind }) => {
  const template = 'template' in kind ? kind.template : undefined
  it('and cut later', async () => {
    const renderer = template === undefined ? undefined : directRenderer(template)
    // The words of a random row may look like another format; this test skips such files.
    const read = (file: unknown[], trainOn: DataOptions['trainOn'], keep: number) =>
      tokenizeDataset(memorySource(file), tokenizer, renderer, dataOptions({ trainOn }), { keep }).catch(() => undefined)
    await fc.assert(
      fc.asyncProperty(rows, trainOns, fc.integer({ min: 2, max: context }), fc.boolean(), async (file, trainOn, maxLength, packing) => {
        const once = await read(file, trainOn, maxLength)
        const whole = await read(file, trainOn, context)
        expect(whole === undefined).toBe(once === undefined)
        if (!whole || !once) return
        const split = { holdOut: 0.3, seed: 2 }
        const [later, atOnce] = [rowsAt({ dataset: whole, ...split }, maxLength), rowsAt({ dataset: once, ...split }, maxLength)]
        const { dataset: _whole, ...cut } = later.cut
        const { dataset: _once, ...expected } = atOnce.cut
        expect(cut).toEqual(expected)
        if (later.train.length) expect(await seen(later, maxLength, packing)).toEqual(await seen(atOnce, maxLength, packing))
      }),
      { numRuns: 25 },
    )
  })
})

describe('a row that is cut', () => {
  it('has the first tokens and labels of the whole row, and the same counts', async () => {
    await fc.assert(
      fc.asyncProperty(many(marked), fc.integer({ min: 2, max: 160 }), async (file, maxLength) => {
        const rows = file as { input_ids: number[]; labels: number[] }[]
        const dataset = await tokenizeDataset(memorySource(rows), tokenizer, undefined, dataOptions(), { keep: context }).catch(
          () => undefined,
        )
        if (!dataset) return
        const length = Math.min(maxLength, context)
        const samples = rows.map(({ input_ids, labels }) => ({ kind: 'tokens' as const, ids: input_ids, labels }))
        const kept = (await encodeSamples(samples, dataset.encoder)).flatMap((example, i) => {
          if (!('ids' in example)) return []
          const trained = example.trained.slice(0, length)
          const targets = trained.slice(1).reduce((sum, mark) => sum + mark, 0)
          return targets ? [{ line: i + 1, ids: example.ids.slice(0, length), trained, targets, cut: example.ids.length > length }] : []
        })
        const cut = cutAt(dataset, maxLength)
        expect([...cut.rows].map((row) => dataset.line(row))).toEqual(kept.map((row) => row.line))
        kept.forEach(({ ids, trained, line }, i) => {
          const example = dataset.example(cut.rows[i], maxLength)
          expect([...example.ids]).toEqual(ids)
          expect(example.trained).toEqual(trained)
          const labels = rows[line - 1].labels.slice(0, length)
          trained.forEach((mark, t) => mark && expect(example.labels?.[t] ?? example.ids[t]).toBe(labels[t]))
        })
        expect(cut).toMatchObject({
          tokens: kept.reduce((sum, row) => sum + row.ids.length, 0),
          trainedTokens: kept.reduce((sum, row) => sum + row.targets, 0),
          cutRows: kept.filter((row) => row.cut).length,
          problemCount: rows.length - kept.length,
        })
      }),
      { numRuns: 40 },
    )
  })
})
