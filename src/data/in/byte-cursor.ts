// Goes through bytes from place to place, and never beyond their end.

export class ByteCursor {
  readonly bytes: Uint8Array
  at: number

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes
    this.at = at
  }

  get left(): number {
    return this.bytes.length - this.at
  }

  next(): number {
    if (this.at >= this.bytes.length) throw new RangeError('data that are cut off')
    return this.bytes[this.at++]
  }

  skip(count: number): void {
    if (!(count >= 0 && count <= this.left)) throw new RangeError('data that are cut off')
    this.at += count
  }

  /** A number without a sign in `width` bytes, the lowest first. */
  number(width: number): number {
    let value = 0
    for (let i = 0; i < width; i++) value += this.next() * 2 ** (8 * i)
    return value
  }

  /** A number without a sign, seven bits in each byte (LEB128). */
  varint(): number {
    let value = 0
    for (let place = 0; place < 10; place++) {
      const one = this.next()
      value += (one & 127) * 2 ** (7 * place)
      if (one < 128) return value
    }
    throw new RangeError('a number that does not end')
  }
}
