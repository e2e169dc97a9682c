// Runs that a closed page interrupted are found, and resumed where their snapshots are.
import { describe, expect, it } from 'vitest'
import { asWritten, sentence } from '../config/phrase'
import { createFakeEngine } from '../testing/fake-engine'
import { FakeKept } from '../testing/fake-kept'
import type { DataOptions } from '../config/data-options'
import { type ReadHow, autoHow } from '../config/read-how'
import { dataFile, makeStudio, modelFiles, readyStudio, until } from '../testing/fake-studio'
import type { EngineApi } from '../worker/api'
import { withBeside } from './beside'
import { memoryKeeping } from './keeping'
import { memoryLiving } from './living'
import { canResume } from './run'
import { columnOf } from './series'
import type { Studio } from './studio'

/** An engine over what earlier engines kept. With `dieAt`, the page is closed after that step: nothing is heard of the run any more. */
function engineOver(kept: FakeKept, dieAt = Infinity, onDeath: () => void = () => undefined): EngineApi {
  const fake = createFakeEngine({ beatMs: 0, kept })
  return {
    ...fake,
    train: (runId, config, onEvent, keeping) =>
      new Promise((resolve) => {
        let dead = false
        const take: typeof onEvent = (events) => {
          if (dead) return
          onEvent(events)
          dead = events.some((event) => event.type === 'step' && event.metrics.step === dieAt)
          if (dead) onDeath()
        }
        void fake.train(runId, config, take, keeping).then((result) => !dead && resolve(result))
      }),
  }
}

const losses = (studio: Studio, runId: string) => [...columnOf(studio.runs.seriesOf(runId).steps, 'loss')]
const statusOf = (studio: Studio, runId: string) => studio.runs.find(runId)?.status

/** What a page leaves that is closed after step `dieAt` of its first run, with another run in the queue. */
async function closedStudio(dieAt: number, options?: Partial<DataOptions>) {
  const running = new FakeKept()
  let kept: FakeKept | undefined
  const keeping = memoryKeeping()
  const studio = await readyStudio(
    withBeside(keeping, running.api),
    engineOver(running, dieAt, () => (kept = running.copy())),
  )
  if (options) await studio.data.setOptions(options)
  const [first, second] = [studio.start()!, studio.start()!]
  await until(() => kept !== undefined)
  for (const id of [first, second]) await studio.runs.save(id)
  const left = kept!
  for (const [id, record] of running.records) left.records.set(id, record)
  return { keeping: withBeside(keeping, left.api), kept: left, first, second }
}

async function undisturbed(): Promise<number[]> {
  const studio = await readyStudio()
  const id = studio.start()!
  await until(() => statusOf(studio, id) === 'finished')
  return losses(studio, id)
}

describe('after the page was closed', () => {
  it('a run continues from its snapshot without a seam, and the queue behind it', async () => {
    const { keeping, kept, first, second } = await closedStudio(6)
    const again = makeStudio(engineOver(kept), keeping)
    await again.runs.load()
    await again.resuming.find()
    expect(again.runs.find(first)).toMatchObject({ status: 'interrupted', snapshot: { step: 4 } })
    expect(again.runs.find(second)?.status).toBe('interrupted')
    expect(again.runs.find(second)?.last).toBeUndefined()
    for (const id of [first, second]) {
      expect(canResume(again.runs.find(id)!)).toBe(true)
      await again.resuming.resume(id)
    }
    // Nothing is open yet, so both wait.
    expect(again.resuming.store.getState().wanted).toEqual([first, second])
    expect(sentence(again.resuming.missing(again.runs.find(first)!)!)).toBe('Open the model tiny to resume this run.')
    await again.openModel(modelFiles)
    expect(sentence(again.resuming.missing(again.runs.find(first)!)!)).toBe('Open the data rows.jsonl to resume this run.')
    await again.openData(dataFile())
    await until(() => statusOf(again, second) === 'finished')
    expect(statusOf(again, first)).toBe('finished')
    const whole = await undisturbed()
    expect(losses(again, first)).toEqual(whole)
    expect(losses(again, second)).toEqual(whole)
    expect(again.runs.find(first)?.files).toBeDefined()
    // The adapter is kept, so the snapshot is no longer needed.
    expect(kept.snapshots.size).toBe(0)
    expect(again.runs.find(first)?.snapshot).toBeUndefined()
  })

  it('a run resumes by itself if the person chose that', async () => {
    const { keeping, kept, first } = await closedStudio(6)
    const again = makeStudio(engineOver(kept), keeping)
    again.preferences.set({ resumeBySelf: true })
    await again.runs.load()
    await again.resuming.find()
    await again.openModel(modelFiles)
    await again.openData(dataFile())
    await until(() => statusOf(again, first) === 'finished')
    expect(losses(again, first)).toHaveLength(12)
  })

  it('the data are read as they were for the run', async () => {
    const how: ReadHow = { ...autoHow, kind: 'jsonl', encoding: 'utf-8' }
    const { keeping, kept, first } = await closedStudio(6, { read: how })
    const again = makeStudio(engineOver(kept), keeping)
    await again.runs.load()
    await again.resuming.find()
    await again.openModel(modelFiles)
    await again.openData(dataFile())
    await again.data.setOptions({ trainOn: 'everything' })
    await again.resuming.resume(first)
    await until(() => statusOf(again, first) === 'finished')
    expect(again.data.store.getState().options).toMatchObject({ trainOn: 'completion', read: how })
  })

  it('a run without a snapshot begins again, with its settings, and has no adapter before', async () => {
    const { keeping, kept, first } = await closedStudio(2)
    kept.snapshots.clear()
    const again = makeStudio(engineOver(kept), keeping)
    again.preferences.set({ resumeBySelf: true })
    await again.runs.load()
    await again.resuming.find()
    await again.openModel(modelFiles)
    await again.openData(dataFile())
    // Nobody asked for that, so its curve stays.
    expect(statusOf(again, first)).toBe('interrupted')
    expect(losses(again, first)).toHaveLength(2)
    expect(await again.resuming.adapter(first)).toBeUndefined()
    expect(again.runs.find(first)?.snapshotProblem).toBeDefined()
    await again.resuming.resume(first)
    await until(() => statusOf(again, first) === 'finished')
    expect(losses(again, first)).toEqual(await undisturbed())
  })

  it('a run is not begun again while the engine cannot say whether there is a snapshot', async () => {
    const { keeping, kept, first } = await closedStudio(6)
    const engine = engineOver(kept)
    const silent: EngineApi = {
      ...engine,
      snapshots: async () => ({ ok: false, error: { kind: 'FormatError', phrase: asWritten('storage: silent') } }),
    }
    const again = makeStudio(silent, keeping)
    await again.runs.load()
    again.runs.update(first, (run) => ({ ...run, snapshot: undefined }))
    await again.resuming.find()
    expect(again.runs.store.getState().error).toEqual(asWritten('storage: silent'))
    await again.openModel(modelFiles)
    await again.openData(dataFile())
    await again.resuming.resume(first)
    expect(statusOf(again, first)).toBe('interrupted')
    expect(kept.snapshots.has(first)).toBe(true)
  })

  it('a run that began from an adapter continues after that adapter was deleted, and does not begin again without it', async () => {
    const { keeping, kept, first, second } = await closedStudio(6)
    const again = makeStudio(engineOver(kept), keeping)
    await again.runs.load()
    await again.resuming.find()
    for (const id of [first, second]) again.runs.update(id, (run) => ({ ...run, config: { ...run.config, from: 'deleted' } }))
    await again.openModel(modelFiles)
    await again.openData(dataFile())
    for (const id of [first, second]) await again.resuming.resume(id)
    await until(() => statusOf(again, first) === 'finished' && statusOf(again, second) === 'failed')
    expect(losses(again, first)).toEqual(await undisturbed())
    expect(sentence(again.runs.find(second)!.error!)).toMatch(/^The adapter that this run starts from was deleted\./)
  })

  it('a failed run whose adapter had no room is not resumed, but its snapshot can be downloaded', async () => {
    const { keeping, kept, first, second } = await closedStudio(6)
    for (const { run, series } of (await keeping.runs()).runs)
      await keeping.saveRun({ run: { ...run, status: run.id === first ? 'failed' : 'finished', unkept: asWritten('no room') }, series })
    kept.snapshots.set(second, kept.snapshots.get(first)!)
    const again = makeStudio(engineOver(kept), keeping)
    await again.runs.load()
    await again.resuming.find()
    for (const id of [first, second]) {
      expect(again.runs.find(id)?.snapshot?.step).toBe(4)
      expect(canResume(again.runs.find(id)!)).toBe(false)
      expect((await again.resuming.adapter(id))?.files.length).toBeGreaterThan(0)
    }
  })

  it('what is there of an adapter can be downloaded without resuming', async () => {
    const { keeping, kept, first } = await closedStudio(6)
    const again = makeStudio(engineOver(kept), keeping)
    await again.runs.load()
    expect((await again.resuming.adapter(first))?.files.map((f) => f.path)).toContain('adapter_model.safetensors')
  })

  it('other tabs do not take queued runs of a tab that is open', async () => {
    const [keeping, living] = [memoryKeeping(), memoryLiving()]
    const studio = await readyStudio(keeping, engineOver(new FakeKept(), 3), living)
    const [first, second] = [studio.start()!, studio.start()!]
    await until(() => studio.runs.find(first)?.last?.step === 3)
    const other = makeStudio({}, keeping, living)
    await other.runs.load()
    expect([first, second].map((id) => statusOf(other, id))).toEqual(['elsewhere', 'elsewhere'])
  })

  it('runs are found again if the records were lost, with their curves', async () => {
    const { kept, first } = await closedStudio(6)
    const empty = withBeside(memoryKeeping(), kept.api)
    const again = makeStudio(engineOver(kept), empty)
    await again.runs.load()
    await again.resuming.find()
    expect(again.runs.store.getState().foundBeside).toBe(2)
    expect(again.runs.find(first)).toMatchObject({ status: 'interrupted', last: { step: 4 }, snapshot: { step: 4 } })
    expect(losses(again, first)).toHaveLength(4)
    // They are kept again.
    expect((await empty.runs()).foundBeside).toBe(0)
    await again.remove(first)
    expect((await empty.runs()).runs.map(({ run }) => run.id)).not.toContain(first)
    expect(kept.records.has(first)).toBe(false)
  })
})
