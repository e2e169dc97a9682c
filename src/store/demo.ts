// "Try the demo": fetches the demo from the page's own origin, then does what a person would do, and measures before and after.
import { createStore } from 'zustand/vanilla'
import type { RowAnswers } from '../config/answered-rows'
import { FormatError, TabTuneError, phraseOf } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import { type BaseFormat, type RunConfig, baseFormats, parseTraining } from '../config/run-config'
import type { Settings } from '../config/field'
import type { PickedFile, Progress, Result } from '../worker/api'
import type { ExactMatch } from './run'

type DemoStage = 'idle' | 'fetching' | 'loading' | 'before' | 'training' | 'after' | 'examples' | 'done' | 'elsewhere' | 'failed'

export interface DemoBase {
  name: string
  files: readonly PickedFile[]
}

interface DemoState {
  stage: DemoStage
  progress?: Progress
  before?: ExactMatch
  after?: ExactMatch
  /** A few held-out rows: the base's answer, then the adapter's. */
  examples?: readonly RowAnswers[]
  /** The base model as it was fetched, to download. */
  base?: DemoBase
  runId?: string
  error?: Phrase
}

/** public/demo/demo.json; paths are relative to it. */
export interface DemoPlan {
  name: string
  model: string[]
  train: string
  heldout: string
  method: string
  methodSettings: Settings
  training: RunConfig['training']
  base: BaseFormat
  /** Held-out rows that are answered before and after. */
  exactMatchRows: number
}

export interface DemoSteps {
  /** A file of public/demo by its path in there. */
  fetchFile(path: string): Promise<File>
  /** Each of these returns the reason if it was not completed. */
  openModel(files: PickedFile[], base: BaseFormat): Promise<Phrase | undefined>
  openData(train: PickedFile, heldout: PickedFile, maxLength: number): Promise<Phrase | undefined>
  /** Sets the run up and starts it; resolves with its id. */
  start(config: RunConfig, before: ExactMatch): Promise<string>
  /** Resolves when the run has ended, with the reason if it has no adapter; or when another tab has taken it over. */
  finished(runId: string): Promise<Phrase | 'elsewhere' | undefined>
  exactMatch(runId: string | undefined, rows: number, maxLength: number, onProgress: (p: Progress) => void): Promise<Result<ExactMatch>>
  measured(runId: string, after: ExactMatch): void
  /** Rows that the base and the adapter answer in full, side by side. */
  examples(runId: string, rows: number, maxLength: number, onProgress: (p: Progress) => void): Promise<Result<readonly RowAnswers[]>>
}

const defaultRows = 40
const exampleRows = 3

/** demo.json, checked. */
export function parseDemoPlan(input: unknown): DemoPlan {
  const given = (typeof input === 'object' && input !== null ? input : {}) as Record<string, unknown>
  const strings = Array.isArray(given.model) && given.model.every((m) => typeof m === 'string')
  if (!strings || typeof given.train !== 'string' || typeof given.heldout !== 'string' || typeof given.method !== 'string')
    throw new FormatError(
      say`demo/demo.json: expected the entries model (paths), train, heldout and method, got others. Put the demo folder of the release back.`,
    )
  return {
    name: typeof given.name === 'string' ? given.name : 'demo',
    model: given.model as string[],
    train: given.train,
    heldout: given.heldout,
    method: given.method,
    methodSettings: (given.methodSettings ?? {}) as Settings,
    training: parseTraining(given.training),
    base: baseFormats.find((b) => b === given.base) ?? 'native',
    exactMatchRows: typeof given.exactMatchRows === 'number' ? given.exactMatchRows : defaultRows,
  }
}

/** Ends the demo with the reason why a step was not completed. */
function must(problem: Phrase | undefined): void {
  if (problem) throw new TabTuneError('Error', problem)
}

/** What a step found. @throws the reason why it found nothing */
function found<T>(result: Result<T>): T {
  if (!result.ok) throw new TabTuneError(result.error.kind, result.error.phrase)
  return result.value
}

/** The demo is running. */
export function isPlaying({ stage }: DemoState): boolean {
  return stage !== 'idle' && stage !== 'done' && stage !== 'elsewhere' && stage !== 'failed'
}

export function createDemo(steps: DemoSteps) {
  const store = createStore<DemoState>(() => ({ stage: 'idle' }))
  const at = (stage: DemoStage, change: Partial<DemoState> = {}): void => store.setState({ stage, progress: undefined, ...change })
  const onProgress = (progress: Progress): void => store.setState({ progress })

  async function fetchAll(): Promise<{ plan: DemoPlan; model: PickedFile[]; train: PickedFile; heldout: PickedFile }> {
    const plan = parseDemoPlan(JSON.parse(await (await steps.fetchFile('demo.json')).text()))
    const paths = [...plan.model, plan.train, plan.heldout]
    const files: PickedFile[] = []
    for (const [i, path] of paths.entries()) {
      onProgress({ phase: 'reading', fraction: i / paths.length, detail: path })
      files.push({ path: `demo/${path}`, file: await steps.fetchFile(path) })
    }
    const [train, heldout] = files.slice(plan.model.length)
    if (!train || !heldout)
      throw new FormatError(say`The demo lacks its training file or its held-out file. Put the demo folder of the release back.`)
    return { plan, model: files.slice(0, plan.model.length), train, heldout }
  }

  async function measure(stage: 'before' | 'after', runId: string | undefined, plan: DemoPlan): Promise<ExactMatch> {
    at(stage)
    const match = found(await steps.exactMatch(runId, plan.exactMatchRows, plan.training.maxLength, onProgress))
    store.setState({ [stage]: match })
    return match
  }

  async function play(): Promise<void> {
    at('fetching', { before: undefined, after: undefined, examples: undefined, base: undefined, runId: undefined, error: undefined })
    const { plan, model, train, heldout } = await fetchAll()
    at('loading', { base: { name: plan.name, files: model } })
    must(await steps.openModel(model, plan.base))
    must(await steps.openData(train, heldout, plan.training.maxLength))
    const before = await measure('before', undefined, plan)
    const config = { method: plan.method, methodSettings: plan.methodSettings, training: plan.training }
    const runId = await steps.start(config, before)
    at('training', { runId })
    const problem = await steps.finished(runId)
    if (problem === 'elsewhere') return at('elsewhere')
    must(problem)
    steps.measured(runId, await measure('after', runId, plan))
    at('examples')
    at('done', { examples: found(await steps.examples(runId, exampleRows, plan.training.maxLength, onProgress)) })
  }

  return {
    store,
    async start(): Promise<void> {
      try {
        await play()
      } catch (error) {
        at('failed', { error: phraseOf(error) })
      }
    },
    dismiss: (): void => at('idle'),
  }
}
export type DemoSlice = ReturnType<typeof createDemo>
