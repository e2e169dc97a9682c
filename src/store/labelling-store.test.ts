import { expect, it } from 'vitest'
import { defaults } from '../config/field'
import { rewriteFields } from '../config/rewriting'
import { dataFile, readyStudio, until } from '../testing/fake-studio'
import { saying } from '../testing/saying'
import { createFakeEngine } from '../testing/fake-engine'
import type { EngineApi, GenerateRequest } from '../worker/api'
import { memoryKeeping } from './keeping'

const base = { kind: 'base', name: 'tiny' } as const
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

const how = { ...defaults(rewriteFields), instruction: 'Again: {prompt}', temperature: 0.5, topP: 0.9, seed: 3, maxTokens: 20 }
const answered = ['a one', 'b two', 'c three', 'd four']
  .map((prompt, i) => JSON.stringify({ prompt, completion: `answer ${i}` }))
  .join('\n')

async function rewritingStudio() {
  const asked: GenerateRequest[] = []
  const engine = createFakeEngine({ beatMs: 0 })
  const generate: EngineApi['generate'] = (request, onText) => {
    asked.push(request)
    return engine.generate(request, onText)
  }
  const studio = await readyStudio(memoryKeeping(), { ...engine, generate })
  await studio.workbench.add([dataFile(answered)])
  await studio.labelling.beginRewriting(how, base)
  return { ...studio, engine: { asked } }
}

it('prompts are rewritten by the base, accepted, edited, asked for again or thrown away, and end in the recipe', async () => {
  const { workbench, labelling, engine } = await rewritingStudio()
  const state = labelling.store.getState
  expect(state()).toMatchObject({ total: 4, at: 0, rows: [{ prompt: 'a one' }, {}, {}, {}] })
  expect(engine.asked.at(-1)).toMatchObject({ prompt: 'Again: a one', temperature: 0.5, topP: 0.9, seed: 3, maxTokens: 20 })
  const first = state().draft
  await labelling.accept()
  await labelling.askAgain()
  expect(engine.asked.at(-1)).toMatchObject({ prompt: 'Again: b two', seed: 4 })
  labelling.write('b, edited')
  await labelling.accept()
  await labelling.throwAway()
  expect(state().at).toBe(3)
  const asked = engine.asked.length
  await labelling.undo()
  expect(state()).toMatchObject({ at: 2, given: [{}, {}] })
  expect(engine.asked).toHaveLength(asked)
  await labelling.throwAway()
  labelling.write(' d four ')
  await labelling.accept()
  expect(state()).toMatchObject({ at: 3, error: saying('This rewrite is the prompt as it was') })
  await labelling.end()
  await until(() => !workbench.store.getState().stale)
  const { recipe, report } = workbench.store.getState()
  expect(recipe.now.steps).toMatchObject([
    {
      step: 'rewrites',
      data: [
        { prompt: first, name: 'tiny' },
        { prompt: 'b, edited', name: 'tiny' },
      ],
    },
  ])
  expect(report).toMatchObject({ trainRows: 6, makers: { file: 4, model: 2 } })
  // Rows that have a rewrite are not asked for again, and the next rewrites go into the same step.
  await labelling.beginRewriting(how, base)
  expect(state().rows.map(({ prompt }) => prompt)).toEqual(['c three', 'd four'])
  await labelling.accept()
  await labelling.end()
  await until(() => !workbench.store.getState().stale)
  expect(workbench.store.getState().report).toMatchObject({ trainRows: 7, steps: [{ step: 'rewrites' }] })
})

it('rewrites that are all thrown away leave the recipe as it is, and a bad instruction begins nothing', async () => {
  const { workbench, labelling } = await rewritingStudio()
  await labelling.throwAway()
  await labelling.end()
  expect(workbench.store.getState().recipe).toMatchObject({ now: { steps: [] }, past: [] })
  await labelling.beginRewriting({ ...how, instruction: 'Write it.' }, base)
  expect(labelling.store.getState()).toMatchObject({ open: false, error: saying('Instruction: expected {prompt}') })
})
