// "Try the demo": fetches the demo from the page's own origin, then does what a person would do, and measures before and after.
import { createStore } from 'zustand/vanilla'
import { FormatError, TabTuneError, phraseOf } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import { type BaseFormat, type RunConfig, baseFormats, parseTraining } from '../config/run-config'
import type { Settings } from '../config/field'
import type { PickedFile, Progress, Result } from '../worker/api'
import type { ExactMatch } from './run'

type DemoStage = 'idle' | 'fetching' | 'loading' | 'before' | 'training' | 'after' | 'done' | 'elsewhere' | 'failed'

interface DemoState {
  stage: DemoStage
  progress?: Progress
  before?: ExactMatch
  after?: ExactMatch
  runId?: string
  error?: Phrase
}

/** public/demo/demo.json; paths are relative to it. */
export interface DemoPlan {
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
}

const defaultRows = 40

/** demo.json, checked. */
export function parseDemoPlan(input: unknown): DemoPlan {
  const given = (typeof input === 'object' && input !== null ? input : {}) as Record<string, unknown>
  const strings = Array.isArray(given.model) && given.model.every((m) => typeof m === 'string')
  if (!strings || typeof given.train !== 'string' || typeof given.heldout !== 'string' || typeof given.method !== 'string')
    throw new FormatError(
      say`demo/demo.json: expected the entries model (paths), train, heldout and method, got others. Put the demo folder of the release back.`,
    )
  return {
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
    const result = await steps.exactMatch(runId, plan.exactMatchRows, plan.training.maxLength, onProgress)
    if (!result.ok) throw new TabTuneError(result.error.kind, result.error.phrase)
    store.setState({ [stage]: result.value })
    return result.value
  }

  async function play(): Promise<void> {
    at('fetching', { before: undefined, after: undefined, runId: undefined, error: undefined })
    const { plan, model, train, heldout } = await fetchAll()
    at('loading')
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
    at('done')
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
