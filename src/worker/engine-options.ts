// What the engine gets from the worker that it lives in.
import type { TuningStore } from '../measure/tune'
import type { Folder } from '../storage/folder'
import type { MakeRenderer } from '../tokenizer/model-renderer'
import type { DoJob } from './picture-pool'
import type { ReadFiles } from './reading'

export interface EngineOptions {
  gpu: GPU | undefined
  /** Storage for the tuning of devices. */
  tunings: TuningStore
  /** The folder at a path where files are kept. */
  folders: (...path: readonly string[]) => Promise<Folder>
  renderer: MakeRenderer
  /** Where datasets are read; absent = in this thread. */
  read?: ReadFiles
  /** Decodes pictures; absent = there are none. */
  pictures?: DoJob
}
