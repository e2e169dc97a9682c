// The four errors a person can meet. Text: `where: expected …, got …. What to do.`
// `kind` survives structured cloning, where the class does not.

export type ErrorKind = 'FormatError' | 'ShapeError' | 'UnsupportedError' | 'DeviceError' | 'Cancelled' | 'Error'

export class TabTuneError extends Error {
  readonly kind: ErrorKind
  /** Keys of the training settings that the sentence asks to change. */
  readonly settings: readonly string[]
  constructor(kind: ErrorKind, message: string, settings: readonly string[] = []) {
    super(message)
    this.kind = kind
    this.name = kind
    this.settings = settings
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
  constructor(message: string, settings?: readonly string[]) {
    super('ShapeError', message, settings)
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
  constructor(message: string, settings?: readonly string[]) {
    super('DeviceError', message, settings)
  }
}

/** The device refused memory; `facts` is the sentence without its advice, for callers that can give better advice. */
export class OutOfMemoryError extends DeviceError {
  readonly facts: string
  constructor(facts: string) {
    super(`${facts} Choose a smaller model, batch or length, or give the run a memory budget.`)
    this.facts = facts
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
  /** Keys of the training settings that the sentence asks to change. */
  settings?: readonly string[]
}

export function errorReport(error: unknown): ErrorReport {
  if (error instanceof TabTuneError)
    return { kind: error.kind, message: error.message, ...(error.settings.length > 0 && { settings: error.settings }) }
  if (error instanceof Error) return { kind: 'Error', message: error.message }
  return { kind: 'Error', message: String(error) }
}
