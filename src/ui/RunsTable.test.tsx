// What the tables and panels of runs say in words, without a browser.
import { expect, it } from 'vitest'
import { memoryKeeping } from '../store/keeping'
import type { Run } from '../store/run'
import { drawn } from '../testing/drawn'
import { createFakeEngine } from '../testing/fake-engine'
import { makeStudio, missingOf, readyStudio, until } from '../testing/fake-studio'
import type { EngineApi, TrainEvent } from '../worker/api'
import { Charts } from './Charts'
import { RunPanel } from './RunPanel'
import { RunsTable } from './RunsTable'

async function trained(change: Partial<EngineApi> = {}, keeping = memoryKeeping()) {
  const studio = await readyStudio(keeping, change)
  const run = await studio.queue.done(studio.start() ?? '')
  await until(() => studio.activity.getState().holder === undefined)
  return { studio, run: run! }
}

it('the figures of a run say which rows they are of', async () => {
  const { studio, run } = await trained()
  const panel = drawn(<RunPanel run={run} go={() => undefined} />, studio)
  for (const label of ['Training loss', 'Held-out perplexity']) expect(panel).toContain(`<dt>${label}</dt>`)
  expect(panel).not.toMatch(/<dt>(Loss|Perplexity)<\/dt>/)
})

it('the panel of a run that has ended has its adapter to download and to chat with', async () => {
  const { studio, run } = await trained()
  const panel = (shown: Run) => drawn(<RunPanel run={shown} go={() => undefined} />, studio)
  expect(panel(run)).toMatch(/data-testid="run-download"[^>]*>.*Download the adapter.*data-testid="run-chat"[^>]*>.*Chat with it/)
  expect(panel({ ...run, status: 'stopped' })).toContain('run-download')
  expect(panel(run)).not.toMatch(/data-testid="run-chat"[^>]*disabled/)
  for (const shown of [
    { ...run, status: 'elsewhere' as const },
    { ...run, files: undefined },
  ])
    expect(panel(shown)).not.toContain('run-download')
  const elsewhere = panel({ ...run, model: { ...run.model, name: 'big', fingerprint: 'x', lineage: 'x' } })
  expect(elsewhere).toMatch(/data-testid="run-chat" disabled/)
  expect(elsewhere).toContain('Load big to chat with this adapter.')
  // The guide's end has the same buttons, above the panel.
  studio.preferences.set({ guideSince: run.createdAt })
  expect(panel(run)).not.toContain('run-download')
})

it('a chip has its name and the labels of what sets it apart, without a model', async () => {
  const keeping = memoryKeeping()
  const { studio } = await trained({}, keeping)
  studio.setup.setMethodValue('r', 16)
  await until(() => missingOf(studio) === undefined)
  await studio.queue.done(studio.start() ?? '')
  const later = makeStudio({}, keeping)
  await later.runs.load()
  await later.setup.loadFields()
  const charts = drawn(<Charts />, later)
  expect(charts).toContain('aria-label="Show LoRA 1: Rank 8"')
  expect(charts).toContain('title="LoRA 2: Rank 16"')
  expect(charts).not.toMatch(/[ >]r 8/)
})

it('the buttons of a run are in a line under its values, over the whole width', async () => {
  const { studio } = await trained()
  const table = drawn(<RunsTable go={() => undefined} />, studio)
  const heads = [...table.matchAll(/<th scope="col"/g)].length
  expect(table).toMatch(new RegExp(`<tr class="run-buttons"><td colSpan="${heads}">.*data-testid="reuse".*data-testid="download-zip"`))
})

it('a browser that does not tell the main memory is named as the reason, once there are steps', async () => {
  const reason = 'does not tell pages how much main memory'
  const fake = createFakeEngine({ beatMs: 0 })
  const untold = (event: TrainEvent): TrainEvent =>
    event.type === 'step' ? { ...event, metrics: { ...event.metrics, hostBytes: undefined } } : event
  const train: EngineApi['train'] = (id, config, onEvent, keeping) => fake.train(id, config, (all) => onEvent(all.map(untold)), keeping)
  expect(drawn(<Charts />, await readyStudio())).not.toContain(reason)
  expect(drawn(<Charts />, (await trained()).studio)).not.toContain(reason)
  expect(drawn(<Charts />, (await trained({ ...fake, train })).studio).split(reason)).toHaveLength(2)
})

it('an interrupted run can be resumed from its row, which says what it waits for', async () => {
  const { studio, run } = await trained()
  expect(drawn(<RunsTable go={() => undefined} />, studio)).not.toContain('data-testid="resume-run"')
  const model = { ...run.model, name: 'absent', fingerprint: 'another', lineage: undefined, keptId: undefined }
  studio.runs.update(run.id, (now) => ({ ...now, status: 'interrupted', model }))
  expect(drawn(<RunsTable go={() => undefined} />, studio)).toContain('data-testid="resume-run"')
  await studio.resuming.resume(run.id)
  expect(drawn(<RunsTable go={() => undefined} />, studio)).toContain('Open the model absent to resume this run.')
})
