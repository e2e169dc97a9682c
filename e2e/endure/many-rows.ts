// The workbench with many rows: they are read, deduplicated and shown while the page stays usable, and what takes long can be cancelled.
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import { type Page, chromium } from 'playwright'
import { browserEnv, findBrowser } from '../../src/cli/node/browser.mjs'
import { randomNumbers } from '../../src/testing/random'
import { drop, expect } from '../studio'
import type { EndureFailure, EndureOptions, EndurePart, EndureResult } from './part'

/** Bounds for 100,000 rows on two cores. A worker that does not answer a request to cancel is ended after two seconds. */
const [mostSeconds, mostTaskMs, mostCancelMs] = [60, 100, 2500]
const timeout = 300_000
const cancels = 5

const words = Array.from({ length: 4000 }, (_, i) => `${'bcdfghklmnprst'[i % 14]}${'aeiou'[i % 5]}${'lmnrstv'[i % 7]}${i.toString(36)}`)

/** Rows of about 300 characters. One in thirty is an earlier one, and one in thirty is an earlier one with another word. */
async function writeRows(path: string, count: number, seed: number): Promise<{ exact: number; near: number }> {
  const random = randomNumbers(seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  const text = (length: number): string[] => Array.from({ length }, () => words[below(words.length)])
  const out = createWriteStream(path)
  const told = { exact: 0, near: 0 }
  const recent: string[][] = []
  for (let i = 0; i < count; i++) {
    const kind = recent.length > 100 ? below(30) : 2
    let row = text(44)
    if (kind < 2) row = [...recent[below(recent.length)]]
    if (kind === 0) told.exact++
    if (kind === 1) {
      told.near++
      row[below(row.length)] = `other${i}`
    }
    if (kind > 1) {
      recent.push(row)
      if (recent.length > 2000) recent.shift()
    }
    const line = JSON.stringify({ prompt: row.slice(0, 30).join(' '), completion: row.slice(30).join(' ') })
    if (!out.write(`${line}\n`)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'finish')
  return told
}

interface TraceEvent {
  name: string
  pid: number
  tid: number
  /** Microseconds that passed, and those in which the thread had a processor. */
  dur?: number
  tdur?: number
  args: { name?: string }
}

/** Milliseconds of the longest task of the page's thread: of processor time, which other work on the machine does not change, and those that passed. */
function longestTask(trace: Buffer): { processorMs: number; passedMs: number } {
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] }
  const threadOf = ({ pid, tid }: TraceEvent): string => `${pid} ${tid}`
  const main = new Set(
    traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map((event) => threadOf(event)),
  )
  const tasks = traceEvents.filter((event) => event.name === 'ThreadControllerImpl::RunTask' && main.has(threadOf(event)))
  if (tasks.length === 0) throw new Error('the browser recorded no task of the page.')
  const most = (of: 'dur' | 'tdur'): number => tasks.reduce((worst, event) => Math.max(worst, (event[of] ?? 0) / 1000), 0)
  return { processorMs: most('tdur'), passedMs: most('dur') }
}

async function addStep(page: Page, name: string, at: number): Promise<string> {
  await page.locator('#add-step').selectOption(name)
  const step = page.getByTestId('recipe-step').nth(at)
  await expect(step).toContainText(/dropped/, { timeout })
  return step.locator('.help').first().innerText()
}

/** Cancels the step at random moments, and says how long that took at most. */
async function cancelling(page: Page, count: number, seed: number): Promise<number> {
  let cancelMs = 0
  const random = randomNumbers(seed)
  for (let i = 0; i < cancels; i++) {
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.locator('#add-step').selectOption('drop-near-duplicates')
    const cancel = page.getByRole('button', { name: 'Cancel' })
    await cancel.waitFor({ timeout })
    await page.waitForTimeout((count / 100) * random())
    const startMs = performance.now()
    await cancel.click()
    await cancel.waitFor({ state: 'hidden', timeout })
    cancelMs = Math.max(cancelMs, performance.now() - startMs)
  }
  return cancelMs
}

async function walk(page: Page, file: string, count: number, seed: number): Promise<{ said: string[]; seconds: number; cancelMs: number }> {
  const startMs = performance.now()
  await drop(page, [file])
  await expect(page.getByTestId('bench-totals')).toContainText(count.toLocaleString('en'), { timeout })
  const said = [await addStep(page, 'drop-duplicates', 0), await addStep(page, 'drop-near-duplicates', 1)]
  await expect(page.getByTestId('bench-found')).toBeVisible()
  const seconds = (performance.now() - startMs) / 1000
  for (let i = 1; i <= 10; i++) {
    await page.locator('.bench-scroll').evaluate((table, part) => table.scrollTo(0, table.scrollHeight * part), i / 11)
    await page.waitForTimeout(100)
  }
  return { said, seconds, cancelMs: await cancelling(page, count, seed) }
}

async function run({ address, count, seed }: EndureOptions): Promise<EndureResult> {
  const folder = await mkdtemp(join(tmpdir(), 'tabtune-rows-'))
  const found = await findBrowser()
  const browser = await chromium.launch({ executablePath: found.path, args: found.args, env: browserEnv(found.env) })
  try {
    const file = join(folder, 'rows.jsonl')
    const made = await writeRows(file, count, seed)
    const page = await browser.newPage()
    await page.goto(`${address}#data`)
    await browser.startTracing(page, { categories: ['toplevel'] })
    const { said, seconds, cancelMs } = await walk(page, file, count, seed)
    const { processorMs, passedMs } = longestTask(await browser.stopTracing())
    const problems = [
      !(processorMs <= mostTaskMs) && `a task of the page took ${processorMs.toFixed(0)} ms`,
      !(seconds <= mostSeconds) && `it took ${seconds.toFixed(1)} s`,
      !(cancelMs <= mostCancelMs) && `Cancel took ${cancelMs.toFixed(0)} ms`,
      !said[0].startsWith(made.exact.toLocaleString('en')) && `expected ${made.exact} duplicates, got: ${said[0]}`,
    ]
    return {
      figures: [
        `${seconds.toFixed(1)} s`,
        `longest task of the page ${processorMs.toFixed(0)} ms of processor time (${passedMs.toFixed(0)} ms passed)`,
        `Cancel ${cancelMs.toFixed(0)} ms`,
        ...said,
      ],
      failures: problems.filter((problem) => problem !== false).map((problem): EndureFailure => ({ case: 0, problem })),
    }
  } finally {
    await browser.close()
    await rm(folder, { recursive: true })
  }
}

export const part: EndurePart = {
  name: 'many-rows',
  shows: 'many rows are read, deduplicated and shown within a minute, with no task over 100 ms on the page',
  unit: 'rows',
  counts: { sample: 0, usual: 100_000, long: 100_000 },
  needs: 'page',
  run,
}
