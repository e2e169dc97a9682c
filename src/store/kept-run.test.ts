import { describe, expect, it } from 'vitest'
import { asWritten, say } from '../config/phrase'
import { defaultTraining } from '../config/run-config'
import { readyStudio } from '../testing/fake-studio'
import { memoryKeeping } from './keeping'
import { parseKeptRun } from './kept-run'
import { type KeptRun, figuresOf } from './run'
import { columnOf, emptySeries } from './series'

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
      error: say`a sentence about ${'a thing'}`,
      exactMatch: { before: { matched: 0, rows: 4 }, after: { matched: 3, rows: 4 } },
      comparison: { id: 'c', exactMatchRows: 4, base: 'nf4' },
      baseEval: evaluation,
      evaluated: { ...evaluation, data: 'other.jsonl' },
      combination: { type: 'svd', parts: [{ name: 'a', weight: 0.5 }] },
      starred: true,
      tags: ['a', 'b'],
      notes: 'two\nlines',
      madeFor: 'a base',
      memory: run.memory && { ...run.memory, problem: say`${say`a part`} of ${3}.` },
      last: run.last && { ...run.last, loss: NaN, gradNorm: Infinity },
    },
  }
}

/** The parts of a run that every version has had. */
const least = { name: 'LoRA 1', config: { method: 'lora' }, model: { name: 'tiny' } }

describe('a kept run', () => {
  it('is restored completely, with everything that a run may have', async () => {
    const { run, series } = await whole()
    const { progress: _, ...rest } = run
    const parsed = parseKeptRun(run.id, structuredClone({ run, series }))
    expect(parsed).toEqual({ run: rest, series })
    expect(Object.keys(parsed.run).sort()).toEqual(expect.arrayContaining(Object.keys(rest).filter((key) => key !== 'progress')))
  })

  it('of an older version lacks what was added since, and is still a run', () => {
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

  it('of a version that kept its problem as text has it as a phrase', () => {
    const numbers = { totalBytes: 9, trainableParameters: 4, totalParameters: 40, adapterFileBytes: 64, steps: 2 }
    const { run } = parseKeptRun('old', { run: { ...least, memory: { ...numbers, problem: 'Too long.' } } })
    expect(run.memory?.problem).toEqual(asWritten('Too long.'))
  })

  it('of the version before runs had figures keeps its curves, its best loss and its summary', () => {
    const last = {
      step: 2,
      steps: 2,
      loss: 1.75,
      learningRate: 5e-4,
      gradNorm: 2,
      tokens: 8,
      totalTokens: 17,
      tokensPerSecond: 51,
      elapsedMs: 350,
    }
    const evaluation = { step: 2, evalLoss: 1.25, evalPerplexity: 3.490342957461841 }
    const memory = { totalBytes: 9, parts: [], trainableParameters: 4, totalParameters: 40, adapterFileBytes: 64, steps: 2 }
    const config = { method: 'lora', methodSettings: { r: 4 }, training: { ...defaultTraining(), steps: 2 } }
    const about = {
      config,
      model: { name: 'tiny', family: 'llama', base: 'native' },
      data: { name: 'rows.jsonl', rows: 40 },
    }
    const measured = { firstEval: { ...evaluation, step: 0 }, bestEval: evaluation }
    const summary = {
      ...about,
      ...measured,
      runId: 'old',
      status: 'finished',
      memory,
      peakGpuBytes: 9,
      finalLoss: 1.75,
      bestLoss: 1.5,
      finalEval: evaluation,
      tokensPerSecond: 51,
      elapsedMs: 351,
      adapterBytes: 64,
    }
    const steps = {
      length: 2,
      columns: {
        step: Float64Array.of(1, 2),
        loss: Float64Array.of(1.5, 1.75),
        learningRate: Float64Array.of(1e-3, 5e-4),
        gradNorm: Float64Array.of(1, 2),
        totalTokens: Float64Array.of(9, 17),
        tokensPerSecond: Float64Array.of(50, 51),
        elapsedMs: Float64Array.of(180, 350),
      },
    }
    const evals = {
      length: 1,
      columns: {
        step: Float64Array.of(2),
        evalLoss: Float64Array.of(1.25),
        evalPerplexity: Float64Array.of(3.490342957461841),
        totalTokens: Float64Array.of(17),
        elapsedMs: Float64Array.of(350),
      },
    }
    const run = {
      ...about,
      ...measured,
      id: 'old',
      name: 'LoRA 1',
      colour: 0,
      createdAt: 1,
      status: 'finished',
      methodLabel: 'LoRA',
      exports: ['gguf'],
      visible: true,
      memory,
      last,
      bestLoss: 1.5,
      lastEval: evaluation,
      samples: [],
      files: [{ path: 'adapter_model.safetensors', bytes: 64 }],
    }
    const running = parseKeptRun('old', { run, series: { steps, evals } })
    expect(running.series).toEqual({ steps, evals, saves: emptySeries().saves })
    expect(running.run.figures).toEqual({ bestLoss: 1.5, finalLoss: 1.75, tokensPerSecond: 51 })
    const ended = parseKeptRun('old', { run: { ...run, summary }, series: { steps, evals } })
    expect(ended.run.summary).toEqual(summary)
    expect(figuresOf(ended.run)).toEqual({
      ...running.run.figures,
      bestPerplexity: evaluation.evalPerplexity,
      finalPerplexity: evaluation.evalPerplexity,
    })
    // The same without all that its summary and its evaluations say: nothing is there, and nothing breaks.
    const { finalLoss: _, tokensPerSecond: _1, bestEval: _2, ...less } = summary
    expect(parseKeptRun('old', { run: { ...run, bestEval: { step: 2, evalLoss: 1.25 }, summary: less } }).run).toMatchObject({
      bestEval: { step: 2, evalLoss: 1.25 },
      summary: { bestLoss: 1.5 },
    })
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
    expect(steps.columns.gradNorm).toBeUndefined()
    expect(columnOf(steps, 'gradNorm').length).toBe(0)
    expect(evals.length).toBe(0)
    const long = { ...series.steps, length: 1_000_000 }
    expect(parseKeptRun(run.id, { run, series: { ...series, steps: long } }).series.steps.length).toBe(12)
  })

  it('that is not a run is refused with what it lacks', () => {
    expect(() => parseKeptRun('x', 'text')).toThrow(/^run x, its record: expected Object, got "text"\. It is left as it is; open it with/)
    expect(() => parseKeptRun('x', { run: { ...least, config: { method: 7 } } })).toThrow(
      'run x, run.config.method: expected string, got 7.',
    )
    expect(() => parseKeptRun('x', { run: { ...least, model: null } })).toThrow('run x, run.model: expected Object, got null.')
  })
})
