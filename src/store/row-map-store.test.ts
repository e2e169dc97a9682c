import { expect, it } from 'vitest'
import { Cancelled, FormatError, errorReport } from '../config/errors'
import { say } from '../config/phrase'
import type { EngineApi } from '../worker/api'
import { dataFile, readyStudio, rows, until } from '../testing/fake-studio'
import { type MadeMap, basisOf, classesOf, inside, pickedKeys, pointsLeft } from './row-map'

it('rows are mapped, picked and dropped by a step that undo takes back', async () => {
  const { workbench, rowMap, activity } = await readyStudio()
  const taken = () => until(() => !workbench.store.getState().stale)
  await workbench.add([dataFile(`${rows}\n${rows.split('\n')[0]}`)])
  rowMap.choose({ count: 30, seed: 2 })
  const making = rowMap.make()
  expect(activity.getState().holder).toBe('mapping')
  await making
  const made = rowMap.store.getState().made!
  expect(made).toMatchObject({ model: 'tiny', sample: { total: 41 }, points: { leftOut: 0 } })
  expect(made.points.lines).toHaveLength(30)
  rowMap.pick([3, 4])
  rowMap.pick([4, 9], true)
  rowMap.toggle(3)
  rowMap.toggle(0)
  expect([...rowMap.store.getState().picked].sort()).toEqual([0, 4, 9])
  rowMap.drop()
  await taken()
  const now = workbench.store.getState()
  expect(rowMap.store.getState().picked.size).toBe(0)
  const left = pointsLeft(made, pickedKeys(now.recipe.now))
  expect(left).toHaveLength(27)
  expect(now.recipe.now.steps).toMatchObject([{ step: 'drop-picked', data: [{}, {}, {}] }])
  expect(basisOf(now)).toBe(made.basis)
  // Further rows go into the same step.
  rowMap.pick([left[0]])
  rowMap.drop()
  await taken()
  expect(workbench.store.getState().recipe.now.steps).toMatchObject([{ data: [{}, {}, {}, {}] }])
  workbench.undo()
  workbench.undo()
  await taken()
  expect(workbench.store.getState().report?.trainRows).toBe(41)
  expect(pointsLeft(made, pickedKeys(workbench.store.getState().recipe.now))).toHaveLength(30)
  workbench.addStep('drop-empty')
  expect(basisOf(workbench.store.getState())).not.toBe(made.basis)
  await workbench.remove(workbench.store.getState().files[0].id)
  expect(rowMap.store.getState().made).toBeUndefined()
})

it('a map that is cancelled is not told as failed; one that fails says why', async () => {
  const errors = [new Cancelled(), new FormatError(say`too few rows`)].map(errorReport)
  const rowMap: EngineApi['rowMap'] = () => Promise.resolve({ ok: false, error: errors.shift()! })
  const studio = await readyStudio(undefined, { rowMap })
  await studio.workbench.add([dataFile()])
  await studio.rowMap.make()
  expect(studio.tasks.store.getState().failed).toBeUndefined()
  await studio.rowMap.make()
  expect(studio.tasks.store.getState().failed).toMatchObject({ task: { kind: 'mapping' }, reason: say`too few rows` })
  expect(studio.rowMap.store.getState().made).toBeUndefined()
})

const made: MadeMap = {
  sample: {
    total: 9,
    columns: ['kind'],
    rows: ['a', 'b', 'a', 'c', 'd', 'e', 'f', 'g', 'a'].map((cell, i) => ({
      key: `k${i}`,
      origin: i % 2 ? { by: 'model', name: 'm' } : { by: 'file', file: 'x.jsonl', line: i },
      part: i < 7 ? 'train' : 'evaluation',
      cells: [cell],
    })),
  },
  // The row of line 2 could not be read.
  points: {
    lines: [1, 3, 4, 5, 6, 7, 8, 9],
    x: [0, 1, 2, 3, 4, 5, 6, 7],
    y: [0, 1, 0, 1, 0, 1, 0, 1],
    losses: [1, 2, 3, 4, 5, 6, NaN, 7],
    tokens: [],
    shares: [1, 0],
    leftOut: 1,
    timeMs: 1,
  },
  model: 'm',
  basis: '',
}

it('points are in classes by their part, origin, column or loss', () => {
  expect(classesOf(made, { by: 'part' })).toEqual({
    classes: [
      { value: 'train', count: 6 },
      { value: 'evaluation', count: 2 },
    ],
    of: [0, 0, 0, 0, 0, 0, 1, 1],
    others: 0,
  })
  expect(classesOf(made, { by: 'origin' }).classes).toEqual([
    { value: 'x.jsonl', count: 5 },
    { value: 'model', count: 3 },
  ])
  const column = classesOf(made, { by: 'column', column: 'kind' })
  expect(column.classes[0]).toEqual({ value: 'a', count: 3 })
  expect(column.others).toBe(0)
  const loss = classesOf(made, { by: 'loss' })
  expect(loss.classes.map(({ to }) => to)).toEqual([2, 3, 5, 6, 7])
  expect(loss.of).toEqual([0, 0, 1, 2, 2, 3, -1, 4])
  expect(loss.others).toBe(1)
})

it('points in a rectangle are found among those that are left', () => {
  const left = pointsLeft(made, new Set(['k2', 'k4']))
  expect(left).toEqual([0, 2, 4, 5, 6, 7])
  expect(inside(made.points, left, { left: 1, right: 5, bottom: -1, top: 0.5 })).toEqual([2, 4])
})
