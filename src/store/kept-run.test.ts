import { describe, expect, it } from 'vitest'
import { defaultTraining } from '../config/run-config'
import { readyStudio } from '../testing/fake-studio'
import { memoryKeeping } from './keeping'
import { parseKeptRun } from './kept-run'
import type { KeptRun } from './run'
import { columnOf } from './series'

async function whole(): Promise<KeptRun> {
  const keeping = memoryKeeping()
  const studio = await readyStudio(keeping)
  const id = studio.start() ?? ''
  await studio.queue.done(id)
  const [kept] = (await keeping.runs()).runs
  if (!kept) throw new Error('expected a kept run')
  const { run, series } = kept
  const evaluation = { evalLoss: 1, evalPerplexity: Math.E }
  return {
    series,
    run: {
      ...run,
      error: 'a sentence',
      exactMatch: { before: { matched: 0, rows: 4 }, after: { matched: 3, rows: 4 } },
      comparison: { id: 'c', exactMatchRows: 4, base: 'nf4' },
      baseEval: evaluation,
      evaluated: { ...evaluation, data: 'other.jsonl' },
      combination: { type: 'svd', parts: [{ name: 'a', weight: 0.5 }] },
      madeFor: 'a base',
      last: run.last && { ...run.last, loss: NaN, gradNorm: Infinity },
    },
  }
}

/** The parts of a run that every version has had. */
const least = { name: 'LoRA 1', config: { method: 'lora' }, model: { name: 'tiny' } }

describe('a kept run', () => {
  it('comes back whole, with everything that a run may have', async () => {
    const { run, series } = await whole()
    const { progress: _, ...rest } = run
    const parsed = parseKeptRun(run.id, structuredClone({ run, series }))
    expect(parsed).toEqual({ run: rest, series })
    expect(Object.keys(parsed.run).sort()).toEqual(expect.arrayContaining(Object.keys(rest).filter((key) => key !== 'progress')))
  })

  it('of an older version lacks what came since, and is a run all the same', () => {
    const { run, series } = parseKeptRun('old', { run: least })
    expect(run).toMatchObject({
      id: 'old',
      name: 'LoRA 1',
      methodLabel: 'lora',
      status: 'interrupted',
      colour: 0,
      exports: [],
      visible: true,
      config: { method: 'lora', methodSettings: {}, training: defaultTraining() },
      model: { name: 'tiny', family: '', base: 'native' },
      data: { name: '', rows: 0 },
    })
    expect([run.files, run.summary, run.last, series.steps.length, series.evals.length]).toEqual([undefined, undefined, undefined, 0, 0])
  })

  it('loses what cannot be used, and nothing else', async () => {
    const { run, series } = await whole()
    const training = { ...run.config.training, clip: 'much', steps: 12, gone: 1 }
    const odd = {
      ...run,
      config: { ...run.config, training },
      memory: { totalBytes: 'all' },
      lastEval: 3,
      status: 'resting',
    }
    const parsed = parseKeptRun(run.id, { run: odd, series })
    expect(parsed.run).toMatchObject({
      status: 'interrupted',
      name: run.name,
      summary: { status: 'finished' },
      files: run.files,
    })
    expect(parsed.run.config.training).toEqual({ ...run.config.training, clip: 1, steps: 12 })
    expect([parsed.run.memory, parsed.run.lastEval]).toEqual([undefined, undefined])
  })

  it("without a curve's column has no values there, and keeps the others", async () => {
    const { run, series } = await whole()
    const { gradNorm: _, ...columns } = series.steps.columns
    const { steps, evals } = parseKeptRun(run.id, {
      run,
      series: { steps: { ...series.steps, columns }, evals: { length: 2, columns: {} } },
    }).series
    expect([...columnOf(steps, 'loss')]).toEqual([...columnOf(series.steps, 'loss')])
    expect([...columnOf(steps, 'gradNorm')]).toEqual(new Array(steps.length).fill(NaN))
    expect(evals.length).toBe(0)
    const long = { ...series.steps, length: 1_000_000 }
    expect(parseKeptRun(run.id, { run, series: { ...series, steps: long } }).series.steps.length).toBe(12)
  })

  it('that is none is told by what it lacks', () => {
    expect(() => parseKeptRun('x', 'text')).toThrow(/^run x, its record: expected Object, got "text"\. It is left as it is; open it with/)
    expect(() => parseKeptRun('x', { run: { ...least, config: { method: 7 } } })).toThrow(
      'run x, run.config.method: expected string, got 7.',
    )
    expect(() => parseKeptRun('x', { run: { ...least, model: null } })).toThrow('run x, run.model: expected Object, got null.')
  })
})
