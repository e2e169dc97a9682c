// The tasks of a page's own thread, by their CPU times, from the browser's trace.
import type { Browser, Page } from 'playwright'

interface TraceEvent {
  name: string
  ph: string
  pid: number
  tid: number
  /** Microseconds on the clock, and of the thread's own CPU. */
  ts: number
  dur?: number
  tdur?: number
  args?: { name?: string }
}

interface ThreadTime {
  /** Of the trace. */
  wallMs: number
  /** CPU time of each task. */
  taskMs: number[]
  /** CPU time by what was done: script, style, layout, paint. */
  byKindMs: Record<string, number>
}

const kinds: Record<string, string> = {
  EvaluateScript: 'script',
  FunctionCall: 'script',
  TimerFire: 'script',
  FireAnimationFrame: 'script',
  EventDispatch: 'script',
  RunMicrotasks: 'script',
  'v8.callFunction': 'script',
  MajorGC: 'script',
  MinorGC: 'script',
  UpdateLayoutTree: 'layout',
  Layout: 'layout',
  PrePaint: 'layout',
  Paint: 'paint',
  Layerize: 'paint',
  Commit: 'paint',
}

/** CPU time of the outermost events of each kind; those inside another one are part of it. */
function byKind(events: readonly TraceEvent[]): Record<string, number> {
  const sums: Record<string, number> = {}
  let covered = 0
  for (const { name, ts, dur = 0, tdur = 0 } of events.toSorted((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0))) {
    const kind = kinds[name]
    if (kind === undefined || ts < covered) continue
    covered = ts + dur
    sums[kind] = (sums[kind] ?? 0) + tdur / 1000
  }
  return sums
}

/** Traces the page's thread while `during` runs. @throws Error if the trace names no such thread */
export async function threadTime(browser: Browser, page: Page, during: () => Promise<void>): Promise<ThreadTime> {
  const categories = ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline', 'v8', '__metadata']
  await browser.startTracing(page, { categories })
  const startMs = performance.now()
  await during()
  const wallMs = performance.now() - startMs
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString('utf8')) as { traceEvents: TraceEvent[] }
  const mains = traceEvents.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
  const threads = mains.map(({ pid, tid }) => traceEvents.filter((event) => event.pid === pid && event.tid === tid && event.ph === 'X'))
  // A browser keeps another renderer ready, which does nothing.
  const [events] = threads.toSorted((a, b) => b.length - a.length)
  if (!events) throw new Error('page-thread: the trace of this browser names no thread of a page.')
  const tasks = events.filter(({ name }) => name === 'RunTask' || name === 'ThreadControllerImpl::RunTask')
  return { wallMs, taskMs: tasks.map(({ tdur = 0 }) => tdur / 1000), byKindMs: byKind(events) }
}
