// Rows as JSONL, for files of other kinds: only tokens of a row are kept, so it must be possible to read it again from a place.
import { stringifyJson } from '../config/exact-json'
import { joinedBytes } from '../config/joined-bytes'
import { maxRowBytes } from './cut-rows'
import { type DataSource, type RowPlace, hashOf } from './data-source'

/** Bytes that are gathered before they become part of a Blob, which a browser may move to its disk. */
const heldBytes = 2 ** 22

export class JsonlCopy {
  private readonly parts: Blob[] = []
  private held: Uint8Array<ArrayBuffer>[] = []
  private heldSize = 0
  private at = 0
  private readonly encoder = new TextEncoder()

  /** Appends a row and returns its place; undefined if it is longer than a row may be. */
  add(value: Record<string, unknown>): RowPlace | undefined {
    const bytes = this.encoder.encode(`${stringifyJson(value)}\n`)
    const sizeBytes = bytes.length - 1
    if (sizeBytes > maxRowBytes) return undefined
    const place = { at: this.at, sizeBytes, hash: hashOf(bytes.subarray(0, sizeBytes)) }
    this.held.push(bytes)
    this.heldSize += bytes.length
    this.at += bytes.length
    if (this.heldSize >= heldBytes) this.seal()
    return place
  }

  /** All rows so far. */
  blob(): Blob {
    this.seal()
    return new Blob(this.parts)
  }

  private seal(): void {
    if (this.heldSize) this.parts.push(new Blob([joinedBytes(this.held)]))
    this.held = []
    this.heldSize = 0
  }
}

/** A Blob as a file of this name. `content` is asked each time, because it may still grow. */
export const blobSource = (name: string, content: () => Blob): DataSource => ({
  name,
  get sizeBytes() {
    return content().size
  },
  stream: () => content().stream(),
  read: async (at, sizeBytes) =>
    new Uint8Array(
      await content()
        .slice(at, at + sizeBytes)
        .arrayBuffer(),
    ),
})
