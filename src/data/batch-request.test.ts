import { expect, it } from 'vitest'
import { byteTokenizer, dataOptions, english, memorySource, problemsOf, shown } from './testing/rows'
import { tokenizeDataset } from './tokenize-dataset'

const request = (...messages: object[]) => ({
  custom_id: '1',
  method: 'POST',
  url: '/v1/chat/completions',
  body: { model: 'm', messages },
})
const user = { role: 'user', content: 'Q' }
const answer = { role: 'assistant', content: 'A' }

it("reads the conversation in a row of OpenAI's batches, also again from its place, and refuses one without an answer", async () => {
  const rows = [request(user, answer), request(user, answer, user)]
  const dataset = await tokenizeDataset(memorySource(rows), byteTokenizer(false), undefined, dataOptions())
  expect(shown(dataset)).toBe('User: Q\nAssistant:⟦ A</s>⟧')
  expect(await dataset.sample(0)).toMatchObject({ kind: 'chat', messages: [user, answer] })
  expect(english(dataset.notes)).toEqual(['Columns that are not used: custom_id, model.'])
  expect(problemsOf(dataset)).toEqual([
    { line: 2, reason: 'a batch request that does not end with an answer: its answer is in another file, so there is nothing to train on' },
  ])
})
