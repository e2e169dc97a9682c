// Goes through a struct in Thrift's compact protocol without making anything of it, so that a list that claims more elements than the
// file has bytes is refused before a parser allocates it.

import { ByteCursor } from './byte-cursor'

/** Deeper than Parquet's metadata ever are. */
const mostDepth = 16
/** Fields and elements of lists. */
const mostElements = 2 ** 20
const [booleanTrue, booleanFalse, byte, int16, int32, int64, double, binary, list, struct] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12]

/** The place behind the struct at `at`. @throws RangeError if it is not whole or claims more than there is */
export function endOfStruct(bytes: Uint8Array, at: number): number {
  return new Walk(bytes, at).struct(0)
}

class Walk extends ByteCursor {
  private elements = 0

  struct(depth: number): number {
    if (depth > mostDepth) throw new RangeError('metadata that are nested too deeply')
    for (let head = this.next(); (head & 15) !== 0; head = this.next()) {
      if (head >> 4 === 0) this.varint()
      const type = head & 15
      // The value of a boolean field is its type.
      if (type !== booleanTrue && type !== booleanFalse) this.element(type, depth)
      else this.count()
    }
    return this.at
  }

  private element(type: number, depth: number): void {
    this.count()
    switch (type) {
      case booleanTrue:
      case booleanFalse:
      case byte:
        return this.skip(1)
      case int16:
      case int32:
      case int64:
        return void this.varint()
      case double:
        return this.skip(8)
      case binary:
        return this.skip(this.varint())
      case struct:
        return void this.struct(depth + 1)
      case list: {
        const head = this.next()
        const count = head >> 4 === 15 ? this.varint() : head >> 4
        if (count > this.left) throw new RangeError(`a list of ${count} elements in metadata that end before`)
        for (let i = 0; i < count; i++) this.element(head & 15, depth + 1)
        return
      }
      default:
        throw new RangeError(`metadata of an unknown type ${type}`)
    }
  }

  private count(): void {
    if (++this.elements > mostElements) throw new RangeError(`metadata of more than ${mostElements} elements`)
  }
}
