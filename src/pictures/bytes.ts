// Reading numbers and names out of a picture file. A read beyond the end is the error of a file that is cut off.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'

export const cutOff = (): FormatError =>
  new FormatError(say`expected a whole picture, got a file that is cut off. Copy or download it again.`)

export const damaged = (): FormatError => new FormatError(say`expected a whole picture, got damaged bytes. Copy or download it again.`)

/** The text of `length` bytes at `at`, one character each. */
export function latin(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length))
}

/** Whether the bytes at `at` are these characters. */
export function hasText(bytes: Uint8Array, at: number, text: string): boolean {
  return bytes.length >= at + text.length && latin(bytes, at, text.length) === text
}

/** A view that throws `cutOff` beyond the end. */
export class Reader {
  private readonly view: DataView

  constructor(readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  private at(place: number, size: number): number {
    if (place < 0 || place + size > this.bytes.length) throw cutOff()
    return place
  }
  u8(place: number): number {
    return this.view.getUint8(this.at(place, 1))
  }
  u16(place: number, little = false): number {
    return this.view.getUint16(this.at(place, 2), little)
  }
  u24(place: number): number {
    return this.u16(place, true) | (this.u8(place + 2) << 16)
  }
  u32(place: number, little = false): number {
    return this.view.getUint32(this.at(place, 4), little)
  }
  part(place: number, size: number): Uint8Array {
    return this.bytes.subarray(this.at(place, size), place + size)
  }
}
