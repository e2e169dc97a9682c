// A binary heap of possible merges: best score first, then leftmost.

interface Merge {
  left: number
  right: number
  /** Length of the merged text, to see whether the pair has changed. */
  length: number
  score: number
}

const before = (a: Merge, b: Merge): boolean => a.score > b.score || (a.score === b.score && a.left < b.left)

export class MergeQueue {
  private readonly heap: Merge[] = []

  push(merge: Merge): void {
    const heap = this.heap
    let at = heap.length
    heap.push(merge)
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!before(merge, heap[parent]!)) break
      heap[at] = heap[parent]!
      at = parent
    }
    heap[at] = merge
  }

  pop(): Merge | undefined {
    const heap = this.heap
    const best = heap[0]
    const last = heap.pop()
    if (best === undefined || last === undefined || heap.length === 0) return best
    let at = 0
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++
      if (!before(heap[child]!, last)) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = last
    return best
  }
}
