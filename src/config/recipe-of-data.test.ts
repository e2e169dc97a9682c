import { expect, it } from 'vitest'
import { recipeOfData, withoutData } from './recipe-of-data'
import { sha256Text } from './sha256'

const answers = [{ row: '0'.repeat(32), answer: 'secret', by: 'person' }]
const step = { step: 'labels', settings: { column: 'answer' } }

it('a run keeps a digest of the data of a step', async () => {
  const plain = { step: 'drop-empty', settings: {} }
  const { steps } = await withoutData({ steps: [plain, { ...step, data: answers }, { ...step, data: [] }] })
  expect(steps).toEqual([plain, { ...step, digest: { count: 1, sha256: await sha256Text(JSON.stringify(answers)) } }, step])
  expect(recipeOfData(JSON.parse(JSON.stringify({ steps, files: [], makers: {} })))).toEqual({ steps, files: [], makers: {} })
  expect(recipeOfData({ steps: [{ ...step, digest: 'lost' }], files: [], makers: {} })).toBeUndefined()
})

it('the record of an older run is read: names of files alone, and data', () => {
  const old = { steps: [{ ...step, data: answers }], makers: { person: 1 } }
  expect(recipeOfData({ ...old, files: ['a.csv'] })).toEqual({ ...old, files: [{ name: 'a.csv' }] })
})

it('what was chosen about how a file is read stays with its name', () => {
  const filesOf = (...files: unknown[]) => recipeOfData({ steps: [], files, makers: {} })?.files
  const read = { separator: 'tab', header: 'no' }
  expect(filesOf({ name: 'a', read }, { name: 'a', read: { kind: 'auto', encoding: 'other' } })).toEqual([
    { name: 'a', read },
    { name: 'a' },
  ])
  expect(filesOf({ read })).toBeUndefined()
})
