import { expect, test } from 'vitest'
import { sentence } from './phrase'
import { baseNotice, commonBase, likeness, parseTrainedOn } from './identity'

const hash = (digit: string): string => digit.repeat(64)
const of = (fingerprint: string, lineage: string) => ({ fingerprint: hash(fingerprint), lineage: hash(lineage) })

test('models are the same, copies or others; without both hashes nothing is known', () => {
  expect(likeness(of('1', 'a'), of('1', 'a'))).toBe('same')
  expect(likeness(of('1', 'a'), of('2', 'a'))).toBe('copy')
  expect(likeness(of('1', 'a'), of('2', 'b'))).toBe('other')
  expect(likeness({ fingerprint: hash('1') }, { fingerprint: hash('2') })).toBe('other')
  expect(likeness(undefined, of('1', 'a'))).toBeUndefined()
  expect(likeness(of('1', 'a'), {})).toBeUndefined()
})

test('the base in tabtune.json is read, absent or refused by name', () => {
  const base = { name: 'tiny', ...of('1', 'a') }
  expect(parseTrainedOn('tabtune.json', { ...base, more: 1 })).toEqual(base)
  expect(parseTrainedOn('tabtune.json', undefined)).toBeUndefined()
  for (const wrong of [null, 1, {}, { ...base, name: 3 }, { ...base, fingerprint: 'abc' }, { ...base, lineage: undefined }])
    expect(() => parseTrainedOn('tabtune.json', wrong), JSON.stringify(wrong)).toThrow(
      /^tabtune\.json, base: expected a name and two hashes/,
    )
})

test('several adapters have a base in common only if all name it', () => {
  const base = { name: 'tiny', ...of('1', 'a') }
  expect(commonBase([base, { ...base, name: 'renamed' }])).toEqual(base)
  expect(commonBase([base, undefined])).toBeUndefined()
  expect(commonBase([base, { name: 'tiny', ...of('2', 'a') }])).toBeUndefined()
})

test('the notice names both models, and is silent where nothing is wrong or known', () => {
  const trained = { name: 'tiny', ...of('1', 'a') }
  const notice = (model: Parameters<typeof baseNotice>[1]) => {
    const found = baseNotice(trained, model)
    return found && sentence(found)
  }
  expect(notice({ name: 'renamed', ...of('1', 'a') })).toBeUndefined()
  expect(notice({ name: 'old' })).toBeUndefined()
  expect(baseNotice(undefined, trained)).toBeUndefined()
  expect(notice({ name: 'tiny-q4', ...of('2', 'a') })).toMatch(
    /^The adapter was trained on tiny\. The loaded tiny-q4 appears to be the same model/,
  )
  expect(notice({ name: 'tiny', ...of('2', 'b') })).toMatch(
    /^The adapter was trained on tiny \(fingerprint 1{16}\)\. The loaded tiny has other weights \(fingerprint 2{16}\)/,
  )
})
