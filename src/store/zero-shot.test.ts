// A comparison on a model that reads the names of classes: the untrained base with each template, and with their mean.
import { expect, it } from 'vitest'
import { createFakeEngine } from '../testing/fake-engine'
import { readyStudio, until } from '../testing/fake-studio'
import type { EngineApi } from '../worker/api'
import { comparisonRows, runsOf } from './comparison-rows'
import { memoryKeeping } from './keeping'

const fake = createFakeEngine({ beatMs: 0 })
/** Three pictures of the first of two classes. `first`: the probability of that class for each of them. */
const sorted = (first: readonly number[]) => first.map((p) => Float32Array.of(p, 1 - p))
const byMean = [0.75, 0.5, 0.25]

const engine: Partial<EngineApi> = {
  async loadModel(...args) {
    const loaded = await fake.loadModel(...args)
    return loaded.ok ? { ok: true, value: { ...loaded.value, pictures: { width: 32, height: 32, classes: [] } } } : loaded
  },
  sortPictures: async ({ templates = [] }) => ({
    ok: true,
    value: {
      classes: ['cat', 'dog'],
      pictures: sorted(byMean).map((probabilities, i) => ({ path: `${i}.png`, label: 0, probabilities })),
      byTemplate: templates.length > 1 ? templates.map((template) => ({ template, probabilities: sorted([0.875, 0.875, 0.125]) })) : [],
    },
  }),
}

it('has a row for each template and one for their mean, also after a reload', async () => {
  const studio = await readyStudio(memoryKeeping(), { ...fake, ...engine })
  const missing = () => studio.comparisonPlan.getState().missing
  studio.comparison.choose(['lora'])
  studio.comparison.setTrainingValue('steps', 2)
  studio.comparison.setAsked({ templates: 'a photo.' })
  expect(missing()).toBe('fields')
  studio.comparison.setAsked({ templates: 'a {}.\n\n the {} \na {}.' })
  await until(() => missing() === undefined)
  const id = studio.compare()
  const [run] = runsOf(studio.runs.store.getState().runs, id)
  // Its record is kept by then.
  await studio.queue.done(run.id)
  await studio.runs.load()
  const rows = comparisonRows(runsOf(studio.runs.store.getState().runs, id))
  const named = rows.filter(({ method, variant }) => method === 'base' && variant)
  const perplexity = (...right: number[]) => Math.exp(-Math.log(right.reduce((a, b) => a * b)) / right.length).toFixed(6)
  expect(named.map(({ variant, finalAccuracy, finalPerplexity }) => [variant, finalAccuracy, finalPerplexity?.toFixed(6)])).toEqual([
    ['base, “a {}.”', 2 / 3, perplexity(0.875, 0.875, 0.125)],
    ['base, “the {}”', 2 / 3, perplexity(0.875, 0.875, 0.125)],
    // Of equal probabilities, the first class counts.
    ['base, mean of 2 templates', 2 / 3, perplexity(...byMean)],
  ])
})
