// Where a demo is, and what all demos do.
import type { RowAnswers } from '../config/answered-rows'
import { TabTuneError } from '../config/errors'
import type { Phrase } from '../config/phrase'
import type { PickedFile, Progress } from '../worker/api'
import type { ExactMatch } from './run'

/** `words`: a model that compares pictures with texts. */
export type DemoKind = 'text' | 'pictures' | 'words'
type DemoStage =
  'idle' | 'fetching' | 'loading' | 'before' | 'training' | 'after' | 'examples' | 'comparing' | 'done' | 'elsewhere' | 'failed'

export interface DemoBase {
  name: string
  files: readonly PickedFile[]
}

export interface DemoState {
  kind: DemoKind
  stage: DemoStage
  progress?: Progress
  before?: ExactMatch
  after?: ExactMatch
  /** A few held-out rows: the base's answer, then the adapter's. */
  examples?: readonly RowAnswers[]
  /** The base model as it was fetched, to download. */
  base?: DemoBase
  runId?: string
  /** The comparison that a demo of pictures started. */
  comparisonId?: string
  error?: Phrase
}

/** How a demo tells where it is. */
export interface DemoTold {
  at(stage: DemoStage, change?: Partial<DemoState>): void
  onProgress(progress: Progress): void
}

/** A file of public/demo by its path in there. */
export type DemoFetch = (path: string) => Promise<File>

/** Ends the demo with the reason why a step was not completed. */
export function must(problem: Phrase | undefined): void {
  if (problem) throw new TabTuneError('Error', problem)
}

/** Files of public/demo by their paths in there, one after another. */
export async function fetchEach(paths: readonly string[], fetchFile: DemoFetch, onProgress: DemoTold['onProgress']): Promise<PickedFile[]> {
  const files: PickedFile[] = []
  for (const [i, path] of paths.entries()) {
    onProgress({ phase: 'reading', fraction: i / paths.length, detail: path })
    files.push({ path: `demo/${path}`, file: await fetchFile(path) })
  }
  return files
}

/** The demo is running. */
export function isPlaying({ stage }: DemoState): boolean {
  return stage !== 'idle' && stage !== 'done' && stage !== 'elsewhere' && stage !== 'failed'
}
