// The four errors a person can meet. Text: `where: expected …, got …. What to do.`
// `kind` survives structured cloning, where the class does not.

export type ErrorKind = 'FormatError' | 'ShapeError' | 'UnsupportedError' | 'DeviceError' | 'Cancelled' | 'Error'

export class TabTuneError extends Error {
  readonly kind: ErrorKind
  constructor(kind: ErrorKind, message: string) {
    super(message)
    this.kind = kind
    this.name = kind
  }
}

/** Bytes or text that are not what they should be: truncated, inconsistent, unreadable. */
export class FormatError extends TabTuneError {
  constructor(message: string) {
    super('FormatError', message)
  }
}

/** Shapes or counts that do not go together. */
export class ShapeError extends TabTuneError {
  constructor(message: string) {
    super('ShapeError', message)
  }
}

/** Well-formed input that TabTune cannot serve; the text names what it can. */
export class UnsupportedError extends TabTuneError {
  constructor(message: string) {
    super('UnsupportedError', message)
  }
}

/** The graphics device is missing, lost, too small or out of memory. */
export class DeviceError extends TabTuneError {
  constructor(message: string) {
    super('DeviceError', message)
  }
}

/** The person asked to stop. */
export class Cancelled extends TabTuneError {
  constructor(message = 'Stopped as asked.') {
    super('Cancelled', message)
  }
}

/** What an error becomes on its way out of the worker. */
export interface ErrorReport {
  kind: ErrorKind
  message: string
}

export function errorReport(error: unknown): ErrorReport {
  if (error instanceof TabTuneError) return { kind: error.kind, message: error.message }
  if (error instanceof Error) return { kind: 'Error', message: error.message }
  return { kind: 'Error', message: String(error) }
}
