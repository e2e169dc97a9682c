import { describe, expect, it } from 'vitest'
import { dropNotice, forgettingNotice, parseEvalRecord } from './eval-record'
import { sentence } from './phrase'

const record = { data: 'valid.jsonl', rows: 12, evalLoss: 1.25, evalPerplexity: 3.49 }
const told = (evalLoss: number): string | undefined => {
  const notice = dropNotice(record, { data: 'newer.jsonl', evalLoss })
  return notice && sentence(notice)
}

describe('an evaluation beside an earlier one', () => {
  it('is called worse if its loss is higher in the digits that are shown', () => {
    expect(told(1.5)).toContain('The loss on newer.jsonl is 1.5000. It was 1.2500 on valid.jsonl at the end of the training.')
    expect([told(1.25004), told(1), told(NaN)]).toEqual([undefined, undefined, undefined])
    expect(dropNotice(undefined, { data: 'newer.jsonl', evalLoss: 9 })).toBeUndefined()
    expect(dropNotice(record, { data: 'valid.jsonl', evalLoss: 1.5 })).toBeUndefined()
  })

  it('tells forgetting only if both were measured', () => {
    const [before, after] = [{ evalLoss: 1 }, { evalLoss: 2 }]
    const old = { name: 'old.jsonl', rows: 3 }
    const notice = forgettingNotice({ ...old, before, after })
    expect(notice && sentence(notice)).toContain('of old.jsonl rose from 1.0000 to 2.0000.')
    expect([{ before }, { after }, { before: after, after: before }].map((found) => forgettingNotice({ ...old, ...found }))).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })
})

it('the record of an adapter is read from its file, or refused by name', () => {
  expect(parseEvalRecord('tabtune.json', { ...record, more: 1 })).toEqual(record)
  expect(parseEvalRecord('tabtune.json', { ...record, evalPerplexity: null })).toEqual({ data: 'valid.jsonl', rows: 12, evalLoss: 1.25 })
  expect(parseEvalRecord('tabtune.json', undefined)).toBeUndefined()
  for (const wrong of [null, 'good', { ...record, evalLoss: null }, { ...record, data: 5 }])
    expect(() => parseEvalRecord('tabtune.json', wrong)).toThrow(/^tabtune\.json, evaluation: expected a name of data/)
})
