// A map of the rows of a dataset by the features that a base has of them.
import { Cancelled, FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { RowMap } from '../config/row-map'
import type { EvaluationProgress } from '../config/run-reports'
import { cutAt, unusable } from '../data/cut-at-length'
import type { Dataset } from '../data/dataset'
import type { Gpu } from '../gpu/gpu'
import type { BaseModel } from '../models/base-model'
import { principalComponents } from './components'
import { rowFeatures } from './row-features'

interface MapWatch {
  signal?: AbortSignal
  onProgress?(progress: EvaluationProgress): void
}

const fewest = 3

/** Maps the rows of `dataset`, each cut at `maxLength`. @throws FormatError if fewer than three can be used; Cancelled, DeviceError */
export async function rowMap(
  gpu: Gpu,
  base: BaseModel,
  dataset: Dataset,
  maxLength: number,
  { signal, onProgress }: MapWatch = {},
): Promise<RowMap> {
  const started = performance.now()
  const { rows, problems, problemCount } = cutAt(dataset, maxLength)
  if (rows.length < fewest)
    throw new FormatError(
      problemCount
        ? say`map: expected at least ${fewest} rows, got ${rows.length} and ${unusable(problems, problemCount)}. Choose other rows.`
        : say`map: expected at least ${fewest} rows, got ${rows.length}. Choose more rows.`,
    )
  const onRow = (done: number): void => onProgress?.({ fraction: done / rows.length, rows: { done, all: rows.length } })
  const { features, losses } = await rowFeatures(gpu, base, dataset, rows, maxLength, { signal, onRow })
  onRow(rows.length)
  const { x, y, shares } = await principalComponents(features, async () => {
    await new Promise((resolve) => setTimeout(resolve))
    if (signal?.aborted) throw new Cancelled()
  })
  return {
    lines: Array.from(rows, (row) => dataset.line(row)),
    x: [...x],
    y: [...y],
    losses: [...losses],
    tokens: [...dataset.lengths(rows, maxLength)],
    shares,
    leftOut: problemCount,
    timeMs: performance.now() - started,
  }
}
