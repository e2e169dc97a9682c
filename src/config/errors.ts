// The errors that a person can see. Text: `where: expected …, got …. What to do.`
// `kind` survives structured cloning, but the class does not.
import { type Phrase, asWritten, say, sentence } from './phrase'

type ErrorKind = 'FormatError' | 'ShapeError' | 'UnsupportedError' | 'DeviceError' | 'DeviceLost' | 'Cancelled' | 'Error'

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

/** Bytes or text that are truncated, inconsistent or unreadable. */
export class FormatError extends TabTuneError {
  constructor(phrase: Phrase, settings?: readonly string[]) {
    super('FormatError', phrase, settings)
  }
}

/** Shapes or counts that do not match. */
export class ShapeError extends TabTuneError {
  constructor(phrase: Phrase, settings?: readonly string[]) {
    super('ShapeError', phrase, settings)
  }
}

/** Well-formed input that TabTune does not support. The text says what it does support. */
export class UnsupportedError extends TabTuneError {
  constructor(phrase: Phrase) {
    super('UnsupportedError', phrase)
  }
}

/** The graphics device is missing, lost, too small or out of memory. */
export class DeviceError extends TabTuneError {
  constructor(phrase: Phrase, settings?: readonly string[], kind: 'DeviceError' | 'DeviceLost' = 'DeviceError') {
    super(kind, phrase, settings)
  }
}

/** The graphics device is gone with everything on it; the same work may succeed on a new one. `hung`: it stopped answering, so we gave it up. */
export class DeviceLost extends DeviceError {
  readonly hung: boolean
  constructor(phrase: Phrase, hung = false, settings?: readonly string[]) {
    super(phrase, settings, 'DeviceLost')
    this.hung = hung
  }
}

/** The device has not enough memory. `facts` is the sentence without its advice, for callers that can give better advice. */
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

/** An error as plain data, which can leave the worker. */
export interface ErrorReport {
  kind: ErrorKind
  phrase: Phrase
  /** Keys of the training settings that the sentence asks to change. */
  settings?: readonly string[]
}

/** What a call to the worker returns. */
export type Result<T> = { ok: true; value: T } | { ok: false; error: ErrorReport }

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
