// Memory of the page, its engine's worker and the GPU process, from outside.
import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright'

/** Bytes in use, after a collection of garbage where the process has a JavaScript heap. */
export interface Memory {
  page: number
  worker: number
  gpu: number
}

interface HeapUsage {
  usedSize: number
  backingStorageSize?: number
}

/** Sends a command to a target that is attached through another session, and waits for its answer. */
type Send = (method: string) => Promise<unknown>

/** Attaches to the engine's worker of the page. */
async function workerSender(page: Page): Promise<Send> {
  const session = await page.context().newCDPSession(page)
  const waiting = new Map<number, (result: unknown) => void>()
  session.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, result } = JSON.parse(message)
    waiting.get(id)?.(result)
    waiting.delete(id)
  })
  const attached = new Promise<string>((resolve) =>
    session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
      if (targetInfo.type === 'worker') resolve(sessionId)
    }),
  )
  await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false })
  const sessionId = await attached
  let last = 0
  return (method) =>
    new Promise((resolve, reject) => {
      last += 1
      waiting.set(last, resolve)
      session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id: last, method }) }).catch(reject)
    })
}

async function heapBytes(send: Send): Promise<number> {
  // What the first collection finalises, the second frees.
  await send('HeapProfiler.collectGarbage')
  await send('HeapProfiler.collectGarbage')
  const { usedSize, backingStorageSize = 0 } = (await send('Runtime.getHeapUsage')) as HeapUsage
  return usedSize + backingStorageSize
}

/** Memory that the process alone has written to. */
function privateDirtyBytes(pid: number): number {
  const kib = /^Private_Dirty:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]
  return Number(kib) * 1024
}

/** Returns the function that measures. @throws Error where the system has no /proc */
export async function memoryMeter(browser: Browser, page: Page): Promise<() => Promise<Memory>> {
  const whole = await browser.newBrowserCDPSession()
  const { processInfo } = await whole.send('SystemInfo.getProcessInfo')
  const gpu = processInfo.find(({ type }) => type === 'GPU')
  if (!gpu) throw new Error('soak: expected a GPU process, found none. Use a browser that has one.')
  const own = await page.context().newCDPSession(page)
  const toPage: Send = (method) => own.send(method as 'Runtime.getHeapUsage')
  const toWorker = await workerSender(page)
  return async () => ({ page: await heapBytes(toPage), worker: await heapBytes(toWorker), gpu: privateDirtyBytes(gpu.id) })
}

/** Slope of the least-squares line through (x, y). */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const n = points.length
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / n
  const over = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0)
  return over / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0)
}
