// What a kind of file has to say about itself. The registry has one of each.
import type { Encoding, FileKind, ReadHow } from '../../config/read-how'
import type { Phrase } from '../../config/phrase'
import type { DataSource } from '../data-source'
import type { ReadRow } from '../parse-row'

/** The beginning of a file, after gzip. */
export interface Head {
  /** In lower case, without `.gz`. */
  name: string
  bytes: Uint8Array
  /** The bytes as text. */
  text: string
  encoding: Encoding
  /** The file has no further bytes. */
  whole: boolean
}

/** What reading a file tells meanwhile, and how it is stopped. */
export interface ReadRowsWatch {
  /** Gets the number of bytes read so far. */
  onBytes?(bytes: number): void
  /** Gets a sentence about how the file was read. */
  onNote?(note: Phrase): void
  signal?: AbortSignal
}

/** A file without gzip, and how to read it. */
export interface Reading {
  source: DataSource
  encoding: Encoding
  how: ReadHow
  note(note: Phrase): void
}

export interface RowKind {
  kind: FileKind
  /** It is text in some encoding. */
  isText: boolean
  /** Whether a file that begins so is of this kind. Kinds before it in the registry have said no. */
  isLike(head: Head): boolean
  /** Settings that are not given, as the beginning of the file suggests. */
  guess(head: Head): Partial<ReadHow>
  /** How the file was read, in words. */
  describe(how: ReadHow): Phrase
  rows(reading: Reading): AsyncGenerator<ReadRow>
}
