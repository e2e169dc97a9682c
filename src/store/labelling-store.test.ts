import { expect, it } from 'vitest'
import { dataFile, readyStudio, until } from '../testing/fake-studio'
import type { Answerer } from './labelling-state'

const base: Answerer = { kind: 'base', name: 'tiny' }
const unanswered = ['a', 'b', 'c', 'd'].map((prompt) => JSON.stringify({ prompt, completion: '' })).join('\n')

it('rows are labelled by hand and by the base, undone, and end in the recipe', async () => {
  const studio = await readyStudio()
  const { workbench, labelling } = studio
  const state = labelling.store.getState
  await workbench.add([dataFile(unanswered)])
  await labelling.begin({ column: 'completion', all: false })
  expect(state()).toMatchObject({ total: 4, at: 0, rows: [{ prompt: 'a' }, {}, {}, {}] })
  labelling.write('A')
  await labelling.accept()
  await labelling.skip()
  await labelling.throwAway()
  await labelling.undo()
  expect(state().at).toBe(2)
  await labelling.choose(base)
  expect(state().draft).not.toBe('')
  expect(studio.activity.getState().holder).toBeUndefined()
  await labelling.accept()
  await labelling.end()
  await until(() => !workbench.store.getState().stale)
  const [step] = workbench.store.getState().recipe.now.steps
  expect(step).toMatchObject({
    step: 'labels',
    data: [
      { answer: 'A', by: 'person' },
      { by: 'model', name: 'tiny' },
    ],
  })
  expect(workbench.store.getState().report?.makers).toEqual({ person: 1, model: 1, file: 2 })
  // The next answers go into the same step, and the rows that have one are not asked for again.
  await labelling.choose({ kind: 'nobody' })
  await labelling.begin({ column: 'completion', all: false })
  expect(state().total).toBe(2)
  await labelling.throwAway()
  await labelling.end()
  await until(() => !workbench.store.getState().stale)
  expect(workbench.store.getState().report).toMatchObject({ trainRows: 3, steps: [{ step: 'labels' }] })
})

it('half of an answer is not taken, and what is typed then is not lost behind it', async () => {
  const { workbench, labelling } = await readyStudio()
  await workbench.add([dataFile(unanswered)])
  await labelling.begin({ column: 'completion', all: false })
  const accepted = new Promise<void>((resolve) => {
    const end = labelling.store.subscribe(({ draft }) => {
      if (draft === '') return
      end()
      labelling.write('typed')
      resolve(labelling.accept())
    })
  })
  await labelling.choose(base)
  await accepted
  const { given, at, draft, suggested } = labelling.store.getState()
  expect({ given, at }).toEqual({ given: [], at: 0 })
  expect(draft).toBe(suggested)
})

it('two quick decisions at a row that is still being fetched are one', async () => {
  const { workbench, labelling } = await readyStudio()
  await workbench.add([dataFile(Array.from({ length: 201 }, (_, i) => JSON.stringify({ prompt: `p${i}`, completion: '' })).join('\n'))])
  await labelling.begin({ column: 'completion', all: false })
  for (let i = 0; i < 199; i++) await labelling.skip()
  labelling.write('last')
  await Promise.all([labelling.accept(), labelling.accept()])
  expect(labelling.store.getState()).toMatchObject({ at: 200, given: [{ at: 199 }], rows: { length: 201 } })
})
