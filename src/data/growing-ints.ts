// A list of int32 that grows without being copied. It has few objects for many numbers.

const chunkSize = 1 << 20

/** Its numbers as plain data, for another thread. */
export interface IntChunks {
  chunks: Int32Array<ArrayBuffer>[]
  count: number
}

export class GrowingInts {
  private readonly chunks: Int32Array<ArrayBuffer>[]
  private count: number

  constructor({ chunks, count }: IntChunks = { chunks: [], count: 0 }) {
    this.chunks = chunks
    this.count = count
  }

  get length(): number {
    return this.count
  }

  push(value: number): void {
    const at = this.count++
    if (at % chunkSize === 0) this.chunks.push(new Int32Array(chunkSize))
    this.chunks[Math.floor(at / chunkSize)][at % chunkSize] = value
  }

  get(index: number): number {
    return this.chunks[Math.floor(index / chunkSize)][index % chunkSize]
  }

  /** The numbers themselves. This list must not be used any more if they are handed over. */
  parts(): IntChunks {
    return { chunks: this.chunks, count: this.count }
  }

  toArray(): Int32Array {
    return Int32Array.from({ length: this.count }, (_, i) => this.get(i))
  }
}
