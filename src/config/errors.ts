// The four errors a person can meet. Text: `where: expected …, got …. What to do.`
// `kind` survives structured cloning, where the class does not.
import { type Phrase, asWritten, say, sentence } from './phrase'

type ErrorKind = 'FormatError' | 'ShapeError' | 'UnsupportedError' | 'DeviceError' | 'Cancelled' | 'Error'

export class TabTuneError extends Error {
  readonly kind: ErrorKind
  /** Keys of the training settings that the sentence asks to change. */
  readonly settings: readonly string[]
  readonly phrase: Phrase
  constructor(kind: ErrorKind, phrase: Phrase, settings: readonly string[] = []) {
    super(sentence(phrase))
    this.phrase = phrase
    this.kind = kind
    this.name = kind
    this.settings = settings
  }
}

/** Bytes or text that are not what they should be: truncated, inconsistent, unreadable. */
export class FormatError extends TabTuneError {
  constructor(phrase: Phrase, settings?: readonly string[]) {
    super('FormatError', phrase, settings)
  }
}

/** Shapes or counts that do not go together. */
export class ShapeError extends TabTuneError {
  constructor(phrase: Phrase, settings?: readonly string[]) {
    super('ShapeError', phrase, settings)
  }
}

/** Well-formed input that TabTune cannot serve; the text names what it can. */
export class UnsupportedError extends TabTuneError {
  constructor(phrase: Phrase) {
    super('UnsupportedError', phrase)
  }
}

/** The graphics device is missing, lost, too small or out of memory. */
export class DeviceError extends TabTuneError {
  constructor(phrase: Phrase, settings?: readonly string[]) {
    super('DeviceError', phrase, settings)
  }
}

/** The device refused memory; `facts` is the sentence without its advice, for callers that can give better advice. */
export class OutOfMemoryError extends DeviceError {
  readonly facts: Phrase
  constructor(facts: Phrase) {
    super(say`${facts} Choose a smaller model, batch or length, or give the run a memory budget.`)
    this.facts = facts
  }
}

/** The person asked to stop. */
export class Cancelled extends TabTuneError {
  constructor(phrase = say`Stopped as asked.`) {
    super('Cancelled', phrase)
  }
}

/** What an error becomes on its way out of the worker. */
export interface ErrorReport {
  kind: ErrorKind
  phrase: Phrase
  /** Keys of the training settings that the sentence asks to change. */
  settings?: readonly string[]
}

/** `error` as plain data. */
export function errorReport(error: unknown): ErrorReport {
  if (error instanceof TabTuneError) {
    const { kind, phrase, settings } = error
    return { kind, phrase, ...(settings.length > 0 && { settings }) }
  }
  return { kind: 'Error', phrase: phraseOf(error) }
}

/** The sentence of anything that was thrown, as a phrase. */
export function phraseOf(error: unknown): Phrase {
  return error instanceof TabTuneError ? error.phrase : asWritten(messageOf(error))
}

/** The sentence of anything that was thrown, in English. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
