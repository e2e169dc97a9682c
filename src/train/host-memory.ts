// How much main memory the thread of a run takes, where its host says.

interface Host {
  /** In Chromium, also in workers. */
  performance?: { memory?: { usedJSHeapSize: number } }
  /** In Node. */
  process?: { memoryUsage?(): { heapUsed: number; external: number } }
}

/** Bytes of objects and of buffers outside the heap that this thread uses; undefined where nobody tells. */
export function hostBytes(host: Host = globalThis as Host): number | undefined {
  const inNode = host.process?.memoryUsage?.()
  return inNode ? inNode.heapUsed + inNode.external : host.performance?.memory?.usedJSHeapSize
}
