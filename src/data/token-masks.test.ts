import { expect, it } from 'vitest'
import { noTokenizer } from '../tokenizer/no-tokenizer'
import { dataOptions, memorySource, problemsOf } from './testing/rows'
import { tokenizeDataset } from './tokenize-dataset'

it("ids are trained where all of TRL's masks say so, with and without labels", async () => {
  const rows = [
    { input_ids: [5, 6, 7, 8], completion_mask: [0, 0, 1, 1] },
    { input_ids: [5, 6, 7, 8], completion_mask: [0, 1, 1, 1], assistant_masks: [false, true, false, true] },
    { input_ids: [5, 6, 7, 8], labels: [-100, 6, 9, 8], assistant_masks: [1, 0, 1, 1] },
    { input_ids: [5, 6, 7, 8], completion_mask: [0, 0, 1] },
    { input_ids: [5, 6, 7, 8], loss_mask: [0, 0, 1, 1] },
  ]
  const dataset = await tokenizeDataset(memorySource(rows), noTokenizer(10), undefined, dataOptions())
  expect([0, 1, 2].map((row) => [...dataset.example(row).trained])).toEqual([
    [0, 0, 1, 1],
    [0, 1, 0, 1],
    [0, 0, 1, 1],
  ])
  expect(dataset.example(2).labels).toEqual(Int32Array.of(-100, -100, 9, 8))
  expect(problemsOf(dataset)).toEqual([
    { line: 4, reason: 'completion_mask: expected 4 zeros and ones, as many as input_ids, got something else' },
    { line: 5, reason: 'expected labels, completion_mask or assistant_masks to say which ids are trained, got loss_mask' },
  ])
  const everything = await tokenizeDataset(
    memorySource(rows.slice(0, 1)),
    noTokenizer(10),
    undefined,
    dataOptions({ trainOn: 'everything' }),
  )
  expect([...everything.example(0).trained]).toEqual([1, 1, 1, 1])
})
