// A list of int32 that grows without being copied. It has few objects for many numbers.

const chunkSize = 1 << 20

export class GrowingInts {
  private readonly chunks: Int32Array[] = []
  private count = 0

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

  toArray(): Int32Array {
    return Int32Array.from({ length: this.count }, (_, i) => this.get(i))
  }
}
