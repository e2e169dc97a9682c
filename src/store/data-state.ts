// The dataset as the engine read it, and the progress while it is being read.
import type { Phrase } from '../config/phrase'
import type { DataOptions, DataReport, ExamplePreview, MappedRows, PickedFile, Progress } from '../worker/api'

/** A file to read, and how to read it. */
export interface Reading {
  file: PickedFile
  evalFile?: PickedFile
  options: DataOptions
}

export interface FailedReading extends Reading {
  reason: Phrase
  /** The first rows, if the columns were not understood, so that a person can choose them. */
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
