// Comparisons on the fake engine: what runs, in which order, what is measured, what the table says.
import { describe, expect, it } from 'vitest'
import { saying } from '../testing/saying'
import { comparisonCsv } from '../config/comparison'
import { completed } from '../config/repetitions'
import { createFakeEngine } from '../testing/fake-engine'
import { dataFile, missingOf, readyStudio, rows, until } from '../testing/fake-studio'
import { comparisonRows, comparisonsOf, plainRow, runsOf, sortRows, unmeasuredFiles } from './comparison-rows'
import { comparisonVariants, createComparisonStore, shortenedLength } from './comparison-store'
import { memoryKeeping } from './keeping'
import { comparisonQuery } from './settings-link'
import type { Studio } from './studio'

const missing = (studio: Studio) => studio.comparisonPlan.getState().missing

/** Methods and settings of a comparison that can start. */
async function setUp(studio: Studio, methods: string[], steps = 4): Promise<void> {
  studio.comparison.choose(methods)
  studio.comparison.setTrainingValue('steps', steps)
  studio.comparison.setTrainingValue('maxLength', 64)
  studio.comparison.setExactMatchRows(5)
  await until(() => missing(studio) === undefined)
}

async function compared(studio: Studio): Promise<string> {
  await until(() => missing(studio) === undefined)
  studio.compare()
  const { id } = comparisonsOf(studio.runs.store.getState().runs)[0]!
  await until(() => !studio.activity.getState().training)
  return id
}

describe('a comparison', () => {
  it('names what is missing before it can start', async () => {
    const studio = await readyStudio()
    expect(missing(studio)).toBe('methods')
    await setUp(studio, ['lora'])
    expect(missing(studio)).toBeUndefined()
    studio.comparison.setRate('lora', -1)
    expect(missing(studio)).toBe('fields')
    studio.comparison.setRate('lora', 0.02)
    await studio.data.setOptions({ holdOut: 0 })
    await until(() => missing(studio) === 'evaluation')
  })

  /** Rows of which the first has a prompt of 40 words. */
  const oneLong = [JSON.stringify({ prompt: 'many words in a row '.repeat(8), completion: 'yes' }), ...rows.split('\n').slice(1)].join('\n')

  it('counts rows at its own length, not at that of the setup', async () => {
    const studio = await readyStudio()
    await setUp(studio, ['lora'])
    await studio.openData(dataFile(oneLong.split('\n')[0]))
    studio.setup.setTrainingValue('maxLength', 8)
    await until(() => missingOf(studio) === 'nothingToTrain')
    studio.comparison.setTrainingValue('maxLength', 512)
    await studio.data.setOptions({ holdOut: 0 })
    await until(() => missing(studio) === 'evaluation')
    await studio.openData(dataFile(oneLong))
    await studio.data.setOptions({ holdOut: 0.1 })
    await until(() => missing(studio) === undefined)
    studio.compare()
    expect(studio.runs.store.getState().runs[0]).toMatchObject({ data: { rows: 36 }, config: { training: { maxLength: 512 } } })
  })

  it('asks before its length leaves rows out, and starts nothing until then', async () => {
    const studio = await readyStudio()
    await setUp(studio, ['lora'])
    await studio.openData(dataFile(oneLong))
    await until(() => missingOf(studio) === undefined)
    studio.comparison.setTrainingValue('maxLength', 16)
    await until(() => missing(studio) === 'badLines')
    studio.compare()
    expect(studio.runs.store.getState().runs).toEqual([])
    studio.data.acceptProblems(studio.comparisonCut.store.getState().report!)
    expect(missing(studio)).toBeUndefined()
    // A greater length leaves out no more lines, so the answer still counts.
    studio.comparison.setTrainingValue('maxLength', 40)
    await until(() => missing(studio) === undefined)
    studio.comparison.setTrainingValue('maxLength', 8)
    studio.comparison.setTrainingValue('batchSize', 0)
    await until(() => missing(studio) === 'fields')
  })

  it('says at which length its methods cut rows, once a method is chosen', async () => {
    const studio = await readyStudio()
    const shortened = () =>
      shortenedLength(studio.comparison.store.getState(), studio.setup.store.getState(), studio.model.store.getState().report!)
    studio.comparison.setTrainingValue('maxLength', 1000)
    expect(shortened()).toBeUndefined()
    studio.comparison.choose(['prompt-tuning'])
    expect(shortened()).toBe(492)
    studio.comparison.setTrainingValue('maxLength', 492)
    expect(shortened()).toBeUndefined()
  })

  it('starts nothing while rows are counted, and says so when its length leaves none', async () => {
    const studio = await readyStudio()
    await studio.openData(dataFile(oneLong.split('\n')[0]))
    studio.comparison.choose(['lora'])
    studio.comparison.setTrainingValue('maxLength', 8)
    expect(missing(studio)).toBe('counting')
    await until(() => missing(studio) === 'nothingToTrain')
  })

  it('shows in advance what each method takes, and which does not fit', async () => {
    const studio = await readyStudio()
    await setUp(studio, ['lora', 'qlora', 'prompt-tuning'])
    studio.setup.setDraft('lora', 'r', 512)
    studio.comparison.setTrainingValue('batchSize', 512)
    studio.comparison.setTrainingValue('maxLength', 400)
    studio.estimates.estimate(studio.comparisonPlan.getState().wanted)
    studio.comparison.setTrainingValue('batchSize', 4)
    studio.estimates.estimate(studio.comparisonPlan.getState().wanted)
    await until(() => studio.estimates.store.getState().found['prompt-tuning'] !== undefined)
    const { found } = studio.estimates.store.getState()
    expect(Object.keys(found)).toEqual(['lora', 'prompt-tuning'])
    expect(found.lora).toMatchObject({ memory: { trainableParameters: 512 * 7168 }, problem: undefined })
    studio.comparison.setTrainingValue('batchSize', 512)
    studio.estimates.estimate(studio.comparisonPlan.getState().wanted)
    await until(() => studio.estimates.store.getState().found.lora?.problem !== undefined)
    expect(studio.estimates.store.getState().found.lora?.problem).toEqual(saying('memory: expected at most'))
  })

  it('gives every method the same seed, steps and length, and its own learning rate and settings', async () => {
    const studio = await readyStudio()
    await setUp(studio, ['prompt-tuning', 'lora'])
    studio.comparison.setTrainingValue('maxLength', 512)
    studio.comparison.setTrainingValue('seed', 7)
    studio.comparison.setRate('prompt-tuning', 0.5)
    studio.setup.setMethodValue('r', 3)
    const id = await compared(studio)
    const [lora, prompt] = runsOf(studio.runs.store.getState().runs, id)
    expect([lora?.config.method, prompt?.config.method]).toEqual(['lora', 'prompt-tuning'])
    expect(lora?.config.methodSettings.r).toBe(3)
    expect(lora?.config.training).toMatchObject({ learningRate: 1e-3, seed: 7, steps: 4, maxLength: 492 })
    expect(prompt?.config.training).toEqual({ ...lora?.config.training, learningRate: 0.5 })
  })

  it('measures the base once for each base precision, and restores its precision afterwards', async () => {
    const fake = createFakeEngine({ beatMs: 0 })
    const evaluated: (string | undefined)[] = []
    const studio = await readyStudio(memoryKeeping(), {
      ...fake,
      evaluate: (runId, ...rest) => {
        evaluated.push(runId)
        return fake.evaluate(runId, ...rest)
      },
    })
    await setUp(studio, ['qlora', 'lora', 'prompt-tuning'])
    const id = await compared(studio)
    const runs = runsOf(studio.runs.store.getState().runs, id)
    expect(runs.map((r) => [r.config.method, r.model.base, r.status])).toEqual([
      ['lora', 'native', 'finished'],
      ['prompt-tuning', 'native', 'finished'],
      ['qlora', 'nf4-dq', 'finished'],
    ])
    expect(evaluated).toEqual([undefined, undefined])
    const table = comparisonRows(runs)
    expect(table.map((r) => [r.method, r.base])).toEqual([
      ['base', 'native'],
      ['base', 'nf4-dq'],
      ['lora', 'native'],
      ['prompt-tuning', 'native'],
      ['qlora', 'nf4-dq'],
    ])
    expect(table[0]).toMatchObject({ finalPerplexity: Math.exp(4.7), exactMatch: 0 })
    expect(table[2]).toMatchObject({ exactMatch: 0.6, trainableParameters: 57_344 })
    expect(table[2]?.adapterBytes).toBeGreaterThan(0)
    await until(() => studio.model.store.getState().report?.base === 'native')
  })

  it('is found again after a reload, with its table', async () => {
    const keeping = memoryKeeping()
    const studio = await readyStudio(keeping)
    await setUp(studio, ['lora', 'prompt-tuning'])
    const id = await compared(studio)
    await until(() => studio.runs.store.getState().runs.every((r) => r.exactMatch?.after !== undefined))
    const before = comparisonCsv(comparisonRows(runsOf(studio.runs.store.getState().runs, id)).map(plainRow))
    const again = await readyStudio(keeping)
    await again.runs.load()
    const runs = runsOf(again.runs.store.getState().runs, id)
    expect(comparisonCsv(comparisonRows(runs).map(plainRow))).toBe(before)
    expect(await again.runs.adapter(runs[1]?.id ?? '')).toBeDefined()
  })

  it('ends when it is stopped: the current run keeps its adapter, and waiting runs are removed', async () => {
    const studio = await readyStudio()
    await setUp(studio, ['lora', 'prompt-tuning'], 100_000)
    studio.compare()
    const { id } = comparisonsOf(studio.runs.store.getState().runs)[0]!
    await until(() => (studio.queue.active()?.last?.step ?? 0) >= 2)
    await studio.stopComparison(id)
    await until(() => !studio.activity.getState().training)
    const runs = runsOf(studio.runs.store.getState().runs, id)
    expect(runs.map((r) => [r.config.method, r.status])).toEqual([['lora', 'stopped']])
    expect(runs[0]?.files?.length).toBeGreaterThan(0)
    expect(runs[0]?.exactMatch?.after).toBeUndefined()
  })

  it('can be stopped while rows are answered, and the run counts as finished', async () => {
    const fake = createFakeEngine({ beatMs: 20 })
    const studio = await readyStudio(memoryKeeping(), fake)
    await setUp(studio, ['lora'], 2)
    studio.compare()
    await until(() => (studio.queue.active()?.last?.step ?? 0) === 2 && studio.queue.active()?.progress?.phase === 'generating')
    await studio.stopComparison(studio.queue.active()?.comparison?.id ?? '')
    await until(() => !studio.activity.getState().training)
    const [run] = studio.runs.store.getState().runs
    expect([run?.status, run?.exactMatch?.after, run?.error]).toEqual(['finished', undefined, undefined])
    expect(run?.files?.length).toBeGreaterThan(0)
  })

  it('can be stopped while the base is measured', async () => {
    const fake = createFakeEngine({ beatMs: 20 })
    const studio = await readyStudio(memoryKeeping(), fake)
    await setUp(studio, ['lora'])
    studio.compare()
    await until(() => studio.queue.active()?.progress?.phase === 'evaluating')
    await studio.stopComparison(studio.queue.active()?.comparison?.id ?? '')
    await until(() => !studio.activity.getState().training)
    const [run] = studio.runs.store.getState().runs
    expect([run?.status, run?.files, run?.error]).toEqual(['stopped', undefined, undefined])
  })
})

describe('a comparison with varied settings', () => {
  it('trains one run for each combination, named by what differs, with the mean over seeds in its table', async () => {
    const studio = await readyStudio()
    await setUp(studio, ['lora', 'ia3'], 2)
    studio.comparison.setExactMatchRows(0)
    studio.comparison.vary([
      { setting: 'lora.r', text: '2, 4' },
      { setting: 'seed', text: '1,2' },
    ])
    const id = await compared(studio)
    const runs = runsOf(studio.runs.store.getState().runs, id)
    expect(runs.map((r) => [r.name, r.config.methodSettings.r, r.config.training.seed, r.status])).toEqual([
      ['LoRA r 2, seed 1', 2, 1, 'finished'],
      ['LoRA r 2, seed 2', 2, 2, 'finished'],
      ['LoRA r 4, seed 1', 4, 1, 'finished'],
      ['LoRA r 4, seed 2', 4, 2, 'finished'],
      ['IA3 seed 1', undefined, 1, 'finished'],
      ['IA3 seed 2', undefined, 2, 'finished'],
    ])
    const rows = completed(comparisonRows(runs, studio.runs.store.getState().curves))
    expect(rows.filter(({ seeds }) => seeds).map(({ variant }) => variant)).toEqual([
      'LoRA r 2, mean of 2 seeds',
      'LoRA r 4, mean of 2 seeds',
      'IA3, mean of 2 seeds',
    ])
    expect(rows[1]).toMatchObject({ variant: 'LoRA r 2, seed 1', spikes: 0, evals: [{ step: 0 }, { step: 2 }] })
    const link = comparisonQuery(studio.comparison.store.getState(), studio.setup.store.getState())
    studio.comparison.vary([])
    studio.link.take(`compare?${link}`)
    expect(studio.comparison.store.getState().axes).toEqual([
      { setting: 'lora.r', text: '2, 4' },
      { setting: 'seed', text: '1,2' },
    ])
    studio.link.take('compare?methods=lora&vary=lora.rank=1')
    expect(studio.link.store.getState().refused).toEqual(['vary lora.rank'])
  })

  it('keeps every file that is chosen, also while another one is read', async () => {
    const { readAnswers, setRetained, store } = createComparisonStore()
    const answers = (name: string) => ({ path: name, file: new File(['{"prompt":"a","answer":"b"}'], name) })
    const reading = Promise.all(['one.jsonl', 'two.jsonl'].map((name) => readAnswers(answers(name))))
    setRetained(dataFile())
    await reading
    const { others, retained } = store.getState().files
    expect([others.map(({ name }) => name).toSorted(), retained?.path]).toEqual([['one.jsonl', 'two.jsonl'], 'rows.jsonl'])
  })

  it('has rows without training: the base asked in other ways, other answers, and a second file before and after', async () => {
    const keeping = memoryKeeping()
    const studio = await readyStudio(keeping)
    await setUp(studio, ['lora', 'ia3'], 2)
    studio.comparison.setAsked({ shots: '0, 4', basePrompts: 'Count.' })
    const others = Array.from({ length: 40 }, (_, i) => JSON.stringify({ prompt: `Say ${i}`, answer: i % 5 ? `number ${i}` : 'no' }))
    const fileOf = (name: string, text: string) => ({ path: name, file: new File([text], name) })
    await studio.comparison.readAnswers(fileOf('other.jsonl', others.join('\n')))
    await studio.comparison.readAnswers(fileOf('few.jsonl', others[0]))
    studio.comparison.setRetained(fileOf('old.jsonl', '{"text":"a"}'))
    const id = await compared(studio)
    await studio.runs.load()
    const rows = comparisonRows(runsOf(studio.runs.store.getState().runs, id))
    expect(rows.map(({ method, variant, problem }) => [method, variant, problem?.slice(0, 60)])).toEqual([
      ['base', undefined, undefined],
      ['base', 'base, 4 solved examples', undefined],
      ['base', 'base, task “Count.”', undefined],
      ['base', 'base, task “Count.”, 4 solved examples', undefined],
      ['answers', 'other.jsonl', undefined],
      ['answers', 'few.jsonl', 'few.jsonl: expected an answer to each of the 5 held-out rows'],
      ['lora', undefined, undefined],
      ['ia3', undefined, undefined],
    ])
    const exact = ({ scores }: (typeof rows)[number]) => scores?.find(({ key }) => key === 'exactMatch')?.value
    expect(rows.map(exact)).toEqual([0, 0, 0, 0, 0.8, undefined, 0.6, 0.6])
    expect(rows.map(({ retainedPerplexity }) => retainedPerplexity && Number(Math.log(retainedPerplexity).toFixed(6)))).toEqual([
      4.7,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      1.2,
      1.2,
    ])
    // All of it is kept with the runs.
    const again = await readyStudio(keeping)
    await again.runs.load()
    const kept = comparisonRows(runsOf(again.runs.store.getState().runs, id))
    expect(comparisonCsv(kept.map(plainRow))).toBe(comparisonCsv(rows.map(plainRow)))
    // Files are not kept, so what they have not been measured on is named.
    const keptRuns = runsOf(again.runs.store.getState().runs, id)
    expect(again.comparison.filesOf(id)).toBeUndefined()
    expect(unmeasuredFiles(keptRuns)).toEqual([])
    expect(unmeasuredFiles(keptRuns.map((run) => ({ ...run, untrained: undefined, retained: undefined })))).toEqual([
      'other.jsonl',
      'few.jsonl',
      'old.jsonl',
    ])
    studio.comparison.setAsked({ shots: '1.5' })
    await until(() => missing(studio) === 'fields')
  })

  it('says why values cannot be used, and starts nothing', async () => {
    const studio = await readyStudio()
    await setUp(studio, ['lora'])
    studio.comparison.vary([{ setting: 'lora.r', text: '8, 0' }])
    await until(() => missing(studio) === 'values')
    const { problem } = comparisonVariants(studio.comparison.store.getState(), studio.setup.store.getState())
    expect(problem).toEqual({ at: 0, words: saying('vary lora.r: expected a whole number from') })
    studio.compare()
    expect(studio.runs.store.getState().runs).toEqual([])
  })

  it('holds the base and asks the rows as each run says, and as before at its end', async () => {
    const fake = createFakeEngine({ beatMs: 0 })
    const tasks: (string | undefined)[] = []
    const studio = await readyStudio(memoryKeeping(), {
      ...fake,
      loadData: (file, evalFile, options, ...rest) => {
        tasks.push(options.taskDescription)
        return fake.loadData(file, evalFile, options, ...rest)
      },
    })
    await studio.data.setOptions({ taskDescription: 'Now.' })
    await setUp(studio, ['lora'], 2)
    studio.comparison.setExactMatchRows(0)
    studio.comparison.vary([
      { setting: 'base', text: 'nf4, native' },
      { setting: 'taskDescription', text: 'Say A, or B.\nNow.' },
    ])
    const id = await compared(studio)
    const runs = runsOf(studio.runs.store.getState().runs, id)
    expect(runs.map((r) => [r.model.base, r.data.options?.taskDescription, r.baseEval !== undefined])).toEqual([
      ['native', 'Now.', true],
      ['native', 'Say A, or B.', true],
      ['nf4', 'Now.', true],
      ['nf4', 'Say A, or B.', true],
    ])
    expect(
      comparisonRows(runs)
        .map(({ variant, base }) => [variant, base])
        .slice(0, 2),
    ).toEqual([
      ['base, task “Now.”', 'native'],
      ['base, task “Say A, or B.”', 'native'],
    ])
    await until(() => studio.data.store.getState().options.taskDescription === 'Now.' && !studio.data.store.getState().loading)
    expect(studio.model.store.getState().report?.base).toBe('native')
    expect(tasks.filter((task) => task === 'Say A, or B.').length).toBeGreaterThan(0)
  })
})

describe('sorting', () => {
  const table = [
    { method: 'base', base: 'native', finalPerplexity: 9 },
    { method: 'lora', base: 'native', finalPerplexity: 2, seconds: 4 },
    { method: 'ia3', base: 'native', finalPerplexity: 5, seconds: 3 },
  ]
  const order = (column: 'seconds' | 'method' | 'finalPerplexity', descending: boolean) =>
    sortRows(table, { column, descending }).map((r) => r.method)

  it('orders numbers and words in both directions, and leaves rows without a value at the end', () => {
    expect(sortRows(table, undefined)).toEqual(table)
    expect(order('finalPerplexity', false)).toEqual(['lora', 'ia3', 'base'])
    expect(order('seconds', false)).toEqual(['ia3', 'lora', 'base'])
    expect(order('seconds', true)).toEqual(['lora', 'ia3', 'base'])
    expect(order('method', true)).toEqual(['lora', 'ia3', 'base'])
  })
})
