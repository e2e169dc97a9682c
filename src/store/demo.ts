// The demos: each fetches its files from the page's own origin and then does what a person would do. That of text measures a model before
// and after a run; those of pictures compare methods (src/store/picture-demo.ts).
import { createStore } from 'zustand/vanilla'
import type { RowAnswers } from '../config/answered-rows'
import { FormatError, TabTuneError, phraseOf } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import { type BaseFormat, type RunConfig, baseFormats, parseTraining } from '../config/run-config'
import type { Settings } from '../config/field'
import type { PickedFile, Progress, Result } from '../worker/api'
import { type DemoKind, type DemoState, type DemoTold, fetchEach, must } from './demo-state'
import { type PictureDemoSteps, fetchPictureModel, playPictures } from './picture-demo'
import type { ExactMatch } from './run'

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

export interface DemoSteps extends PictureDemoSteps {
  /** Returns the reason if it was not completed. */
  openData(train: PickedFile, heldout: PickedFile, maxLength: number): Promise<Phrase | undefined>
  /** Sets the run up and starts it; resolves with its id. */
  start(config: RunConfig, before: ExactMatch): Promise<string>
  exactMatch(runId: string | undefined, rows: number, maxLength: number, onProgress: (p: Progress) => void): Promise<Result<ExactMatch>>
  measured(runId: string, after: ExactMatch): void
  /** Rows that the base and the adapter answer in full, side by side. */
  examples(runId: string, rows: number, maxLength: number, onProgress: (p: Progress) => void): Promise<Result<readonly RowAnswers[]>>
}

/** Of the demo before. */
const nothing: Record<keyof Omit<DemoState, 'kind' | 'stage' | 'progress'>, undefined> = {
  before: undefined,
  after: undefined,
  examples: undefined,
  base: undefined,
  runId: undefined,
  comparisonId: undefined,
  error: undefined,
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

/** What a step found. @throws the reason why it found nothing */
function found<T>(result: Result<T>): T {
  if (!result.ok) throw new TabTuneError(result.error.kind, result.error.phrase)
  return result.value
}

export function createDemo(steps: DemoSteps) {
  const store = createStore<DemoState>(() => ({ kind: 'text', stage: 'idle' }))
  const at: DemoTold['at'] = (stage, change = {}) => store.setState({ stage, progress: undefined, ...change })
  const onProgress: DemoTold['onProgress'] = (progress) => store.setState({ progress })

  async function fetchAll(): Promise<{ plan: DemoPlan; model: PickedFile[]; train: PickedFile; heldout: PickedFile }> {
    const plan = parseDemoPlan(JSON.parse(await (await steps.fetchFile('demo.json')).text()))
    const files = await fetchEach([...plan.model, plan.train, plan.heldout], steps.fetchFile, onProgress)
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

  async function playText(): Promise<void> {
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
    async start(kind: DemoKind = 'text'): Promise<void> {
      at('fetching', { kind, ...nothing })
      try {
        await (kind === 'text' ? playText() : playPictures(kind, steps, { at, onProgress }))
      } catch (error) {
        at('failed', { error: phraseOf(error) })
      }
    },
    /** Loads the small model of the demo for pictures that a person has opened. */
    async openPictureModel(pictures: PickedFile): Promise<void> {
      try {
        const { model } = await fetchPictureModel('pictures', steps.fetchFile, onProgress)
        must(await steps.openModelFor(pictures, model))
      } catch (error) {
        at('failed', { kind: 'pictures', error: phraseOf(error) })
      }
    },
    dismiss: (): void => at('idle'),
  }
}
export type DemoSlice = ReturnType<typeof createDemo>
