// What a person changes in a set of pictures.
import { describe, expect, it } from 'vitest'
import type { Bundle } from '../pictures/bundle'
import { added, moved, withClass, without, withoutEmpty } from './pictures-state'
import { confusionOf, picturesOf } from './sorting-store'

const picture = (path: string, label: number) => ({ path, label, sizeBytes: 1, blob: new Blob(['x']) })
const bundle: Bundle = {
  id: 'a',
  name: 'zoo',
  classes: ['cat', 'dog', 'emu'],
  pictures: [picture('cat/1.png', 0), picture('emu/1.png', 2), picture('emu/2.png', 2)],
  refused: [],
  otherFiles: 0,
}
const shown = ({ classes, pictures }: Bundle) => pictures.map(({ path, label }) => `${path} ${classes[label]}`)

describe('a set of pictures', () => {
  it('has pictures moved, removed and added', () => {
    expect(shown(moved(bundle, new Set(['emu/2.png']), 1))).toEqual(['cat/1.png cat', 'emu/1.png emu', 'emu/2.png dog'])
    expect(shown(without(bundle, new Set(['emu/1.png'])))).toEqual(['cat/1.png cat', 'emu/2.png emu'])
    const file = { path: 'holiday/1.png', file: new File(['y'], '1.png') }
    const twice = added(added(bundle, [file], 0), [file], 0)
    expect(new Set(twice.pictures.map(({ path }) => path)).size).toBe(5)
    expect(twice.pictures[4]).toMatchObject({ label: 0, sizeBytes: 1, blob: file.file })
  })
  it('gains a class once, and loses those without pictures', () => {
    expect(withClass(bundle, 'fox').classes).toEqual(['cat', 'dog', 'emu', 'fox'])
    expect(withClass(bundle, 'dog')).toBe(bundle)
    const { classes } = withoutEmpty(bundle)
    expect([classes, shown(withoutEmpty(bundle))]).toEqual([['cat', 'emu'], shown(bundle)])
  })
})

describe('sorted pictures', () => {
  const sorted = {
    classes: ['cat', 'dog'],
    pictures: [
      { path: 'a', label: 0, probabilities: Float32Array.of(0.9, 0.1) },
      { path: 'b', label: 0, probabilities: Float32Array.of(0.4, 0.6) },
      { path: 'c', label: 1, probabilities: Float32Array.of(0.8, 0.2) },
    ],
    byTemplate: [],
  }
  it('are counted by their true class and the one that the model says', () => {
    expect(confusionOf(sorted)).toEqual([
      [1, 1],
      [1, 0],
    ])
  })
  it('come with the surest mistakes first, or those of one cell', () => {
    const paths = (cell?: { truth: number; said: number }) => picturesOf(sorted, cell).map(({ path }) => path)
    expect(paths()).toEqual(['c', 'b'])
    expect(paths({ truth: 0, said: 0 })).toEqual(['a'])
  })
})
