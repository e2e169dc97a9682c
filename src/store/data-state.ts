// The dataset as the engine understood it, and what is known while it is being read.
import type { Phrase } from '../config/phrase'
import type { DataOptions, DataReport, ExamplePreview, MappedRows, PickedFile, Progress } from '../worker/api'

/** What is read, and how. */
export interface Reading {
  file: PickedFile
  evalFile?: PickedFile
  options: DataOptions
}

export interface FailedReading extends Reading {
  reason: Phrase
  /** The first rows, where the columns were not understood: they can be chosen by hand. */
  unmapped?: MappedRows
}

export interface DataState {
  file?: PickedFile
  evalFile?: PickedFile
  options: DataOptions
  /** The length that rows are shown at: that of the run being set up. */
  maxLength: number
  /** The unknown characters that the person has accepted; for others the page asks again. */
  acceptedUnknown?: string
  loading: boolean
  progress?: Progress
  report?: DataReport
  /** Examples from row `previewFrom` on. */
  preview: ExamplePreview[]
  previewFrom: number
  /** The last reading, where it failed. */
  failed?: FailedReading
  /** Why examples cannot be shown. */
  error?: Phrase
}

/** How a reading ended. */
export type ReadEnd = { ok: true } | { ok: false; reason: Phrase }

export const unknownText = (report: DataReport | undefined): string => `${report?.unknown?.count} ${report?.unknown?.characters.join('')}`

/** Whether the characters that the vocabulary cannot write still have to be decided about. */
export function unknownUndecided({ report, acceptedUnknown }: DataState): boolean {
  return report?.unknown !== undefined && acceptedUnknown !== unknownText(report)
}
