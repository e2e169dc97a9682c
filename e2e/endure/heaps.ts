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

/** Attaches to the workers of the page. `started` is told of each one; the set has those that run now. */
async function attachWorkers(page: Page, started: (send: Send) => void = () => undefined): Promise<ReadonlySet<Send>> {
  const session = await page.context().newCDPSession(page)
  const workers = new Map<string, { send: Send; answers: Map<number, (result: unknown) => void> }>()
  const running = new Set<Send>()
  let last = 0
  session.on('Target.receivedMessageFromTarget', ({ sessionId, message }) => {
    const { id, result } = JSON.parse(message)
    const answers = workers.get(sessionId)?.answers
    answers?.get(id)?.(result)
    answers?.delete(id)
  })
  session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
    if (targetInfo.type !== 'worker') return
    const answers = new Map<number, (result: unknown) => void>()
    const send: Send = (method) =>
      new Promise((resolve, reject) => {
        last += 1
        answers.set(last, resolve)
        session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id: last, method }) }).catch(reject)
      })
    workers.set(sessionId, { send, answers })
    running.add(send)
    started(send)
  })
  session.on('Target.detachedFromTarget', ({ sessionId }) => {
    const gone = workers.get(sessionId)
    if (!gone) return
    running.delete(gone.send)
    workers.delete(sessionId)
    // A worker that has ended uses nothing.
    for (const answer of gone.answers.values()) answer(undefined)
  })
  await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false })
  return running
}

/** Attaches to the engine's worker of the page. */
const workerSender = (page: Page): Promise<Send> => new Promise((resolve, reject) => void attachWorkers(page, resolve).catch(reject))

/** Bytes of JavaScript in use, with garbage. */
async function usedBytes(send: Send): Promise<number> {
  const { usedSize = 0, backingStorageSize = 0 } = ((await send('Runtime.getHeapUsage')) ?? {}) as Partial<HeapUsage>
  return usedSize + backingStorageSize
}

/** Bytes of JavaScript that the page and all its workers use at a moment, with garbage. */
export async function heapMeter(page: Page): Promise<() => Promise<number>> {
  const workers = await attachWorkers(page)
  const own = await page.context().newCDPSession(page)
  const toPage: Send = (method) => own.send(method as 'Runtime.getHeapUsage')
  return async () => (await Promise.all([toPage, ...workers].map(usedBytes))).reduce((sum, bytes) => sum + bytes, 0)
}

/** The most memory that a process of the browser for pages has had so far, also of files that it shares. @throws Error where the system has no /proc */
export async function pageProcessPeak(browser: Browser): Promise<number> {
  const whole = await browser.newBrowserCDPSession()
  const { processInfo } = await whole.send('SystemInfo.getProcessInfo')
  await whole.detach()
  const peaks = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1]) * 1024)
  return Math.max(...peaks)
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
