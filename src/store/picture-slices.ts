// What the studio has for pictures: the set that is open, and pictures sorted into classes.
import type { EngineApi } from '../worker/api'
import type { DoJob } from '../worker/picture-pool'
import type { CopiesSlice } from './copies-store'
import type { DataSlice } from './data-store'
import type { Holding } from './holding'
import type { Loading } from './loading'
import { createPicturesStore } from './pictures-store'
import type { RunsSlice } from './runs-store'
import { createSortingStore } from './sorting-store'
import type { Tasks } from './tasks'

interface Parts {
  engine: EngineApi
  data: DataSlice
  loading: Loading
  copies: CopiesSlice
  runs: RunsSlice
  holding: Holding
  tasks: Tasks
  run: DoJob
}

export const createPictureSlices = ({ engine, holding, tasks, ...parts }: Parts) => ({
  pictures: createPicturesStore(parts),
  sorting: createSortingStore({ engine, holding, tasks }),
  decode: parts.run,
  /** A picture of the open set in each of the first epochs of a run. */
  pictureInEpochs: ((...asked) => engine.pictureInEpochs(...asked)) satisfies EngineApi['pictureInEpochs'],
})
