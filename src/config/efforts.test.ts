import { expect, it } from 'vitest'
import { effortOf, effortTraining, efforts, simpleKeys } from './efforts'
import { defaultTraining, trainingFields } from './run-config'

it('are told apart by their settings; the defaults are the balanced ones', () => {
  for (const effort of efforts) expect(effortOf(defaultTraining(effortTraining(effort)))).toBe(effort)
  expect(effortOf(defaultTraining())).toBe('balanced')
  expect(effortOf(defaultTraining({ epochs: 2 }))).toBeUndefined()
})

it('names settings of the form', () => {
  const known: string[] = trainingFields.map(({ key }) => key)
  expect(simpleKeys.filter((key) => !known.includes(key))).toEqual([])
})
