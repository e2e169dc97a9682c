// A long run: the page, the engine's worker and the GPU process must not grow with its steps. Then leaks of a known size are made in all
// three, to show that the same measurement sees them.
import { existsSync } from 'node:fs'
import type { Page } from 'playwright'
import { fill } from '../studio'
import { type DemoPage, openDemoPage, shownStep, startDemoRun } from './demo-page'
import { type Memory, memoryMeter, slope } from './heaps'
import type { EndureOptions, EndurePart, EndureResult } from './part'

const places = ['page', 'worker', 'gpu'] as const
/** Bytes of the seeded leaks for each step. */
const leakBytes: Memory = { page: 16 * 1024, worker: 16 * 1024, gpu: 64 * 1024 }
/** KiB a step. */
const limitKib = 0.1
/** Code stays interpreted. What the browser compiles comes late and in megabytes, and would hide 0.1 KiB a step. */
const interpreted = ['--js-flags=--jitless,--no-flush-bytecode']
/** In fewer steps, what comes once looks like a leak: the GPU process alone varies by a MiB between measurements. */
const fewestSteps = 6000

interface Sample {
  step: number
  memory: Memory
}

type Meter = () => Promise<Memory>

/** Shows a view and waits until it is drawn. */
async function show(page: Page, view: 'setup' | 'train' | 'library'): Promise<void> {
  await page.evaluate(async (hash) => {
    location.hash = hash
    for (let frames = 0; frames < 3; frames++) await new Promise(requestAnimationFrame)
  }, view)
}

/** Measures while no chart is shown. React keeps the last two drawings of each part of the page, so charts are gone after two other views. */
async function quietly(page: Page, meter: Meter): Promise<Memory> {
  for (const view of ['setup', 'library', 'setup'] as const) await show(page, view)
  // What was drawn before is given up then.
  await page.waitForTimeout(1000)
  const memory = await meter()
  await show(page, 'train')
  return memory
}

/** Measures about sixty times, but at most once a second on a slow device, until `steps` more steps are done. `each` is told how many steps were new. */
async function samples(page: Page, meter: Meter, steps: number, each: (done: number, fresh: number) => Promise<void>): Promise<Sample[]> {
  const taken: Sample[] = []
  const first = await shownStep(page)
  for (let before = first; ;) {
    const step = await shownStep(page)
    await each(step - first, step - before)
    before = step
    taken.push({ step, memory: await quietly(page, meter) })
    if (step - first >= steps) return taken
    const end = Date.now() + 1000
    do await page.waitForTimeout(50)
    while (Date.now() < end && (await shownStep(page)) - before < steps / 60)
  }
}

/** What is in use for a moment only is no growth: of each eighth of the run, the lowest measurement counts. */
function lowest(points: readonly (readonly [step: number, kib: number])[]): (readonly [step: number, kib: number])[] {
  const [first, last] = [points[0][0], points[points.length - 1][0]]
  const eighthOf = (step: number): number => Math.floor((8 * (step - first)) / (last - first + 1))
  const eighths = Array.from({ length: 8 }, (_, i) => points.filter(([step]) => eighthOf(step) === i))
  return eighths.filter((some) => some.length > 0).map((some) => some.reduce((a, b) => (b[1] < a[1] ? b : a)))
}

/** KiB by which each place grows in a step. The first fifth is left out: caches fill there. */
function growth(taken: readonly Sample[]): Memory {
  const [from, to] = [taken[0].step, taken[taken.length - 1].step]
  const counted = taken.filter(({ step }) => step >= from + 0.2 * (to - from))
  const of = (place: keyof Memory) => slope(lowest(counted.map(({ step, memory }) => [step, memory[place] / 1024])))
  return { page: of('page'), worker: of('worker'), gpu: of('gpu') }
}

/** Holds on to memory in the page, in the worker and in the GPU process, in proportion to `steps`. */
async function leak(page: Page, steps: number): Promise<void> {
  const hold = (bytes: number): void => {
    const held: Uint8Array[] = (Reflect.get(globalThis, 'leaked') as Uint8Array[] | undefined) ?? []
    held.push(new Uint8Array(bytes).fill(1))
    Reflect.set(globalThis, 'leaked', held)
  }
  const holdOnGpu = async (bytes: number): Promise<void> => {
    const device: GPUDevice = Reflect.get(globalThis, 'leaking') ?? (await (await navigator.gpu.requestAdapter())!.requestDevice())
    Reflect.set(globalThis, 'leaking', device)
    const held: GPUBuffer[] = (Reflect.get(globalThis, 'leakedBuffers') as GPUBuffer[] | undefined) ?? []
    const buffer = device.createBuffer({ size: bytes, usage: GPUBufferUsage.COPY_DST })
    device.queue.writeBuffer(buffer, 0, new Uint8Array(bytes).fill(1))
    held.push(buffer)
    Reflect.set(globalThis, 'leakedBuffers', held)
    await device.queue.onSubmittedWorkDone()
  }
  if (steps === 0) return
  const [worker] = page.workers()
  await page.evaluate(hold, steps * leakBytes.page)
  await worker.evaluate(hold, steps * leakBytes.worker)
  await worker.evaluate(holdOnGpu, steps * leakBytes.gpu)
}

const kib = (bytes: number): number => bytes / 1024
const text = (grown: Memory): string => places.map((place) => `${place} ${grown[place].toFixed(3)}`).join(', ')

async function soak({ page, browser }: DemoPage, { count, report }: EndureOptions): Promise<EndureResult> {
  const seeded = Math.max(100, Math.min(400, Math.ceil(count / 4)))
  // Snapshots are stored from the first steps on, so that this is not new later.
  await show(page, 'library')
  await fill(page, { saveMinutes: 0.1 })
  await show(page, 'setup')
  await startDemoRun(page, 10 * (count + seeded))
  const meter = await memoryMeter(browser, page)
  const clean = growth(await samples(page, meter, count, async (done) => report(done)))
  const leaking = growth(await samples(page, meter, seeded, (_, fresh) => leak(page, fresh)))
  const failures = [
    ...places
      .filter((place) => clean[place] > limitKib)
      .map((place) => `the ${place} grows by ${clean[place].toFixed(3)} KiB a step, expected at most ${limitKib}`),
    ...places
      .filter((place) => Math.abs(leaking[place] / kib(leakBytes[place]) - 1) > 0.4)
      .map((place) => `a leak of ${kib(leakBytes[place])} KiB a step in the ${place} was measured as ${leaking[place].toFixed(1)}`),
  ]
  return {
    figures: [`KiB a step: ${text(clean)} (at most ${limitKib})`, `with seeded leaks: ${text(leaking)}`],
    failures: failures.map((problem) => ({ case: 0, problem })),
  }
}

export const part: EndurePart = {
  name: 'soak',
  shows: 'page, worker and GPU process do not grow; seeded leaks are seen',
  unit: 'steps',
  counts: { sample: 0, usual: 6000, long: 36_000 },
  needs: 'page',
  async run(options) {
    if (options.count < fewestSteps)
      return {
        figures: [],
        failures: [],
        skipped: `fewer than ${fewestSteps} steps cannot tell a leak from what comes once`,
      }
    if (!existsSync('/proc/self/smaps_rollup')) return { figures: [], failures: [], skipped: 'the system has no /proc/*/smaps_rollup' }
    const opened = await openDemoPage(options.address, interpreted)
    try {
      return await soak(opened, options)
    } finally {
      await opened.browser.close()
    }
  },
}
