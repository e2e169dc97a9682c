// Two tabs take a run over from each other at random moments. There is never a second trainer, and no step of the record is lost.
import type { Page } from 'playwright'
import { seededRandom } from '../../src/data/random'
import { expect, openDemo } from '../studio'
import { openDemoPage, startDemoRun } from './demo-page'
import { hearTabs } from './heard'
import { LossRecord } from './loss-record'
import type { EndureFailure, EndureOptions, EndurePart, EndureResult } from './part'

const timeout = 120_000

/** The steps of the only kept run, as storage has them. */
function keptSteps(page: Page): Promise<number[]> {
  return page.evaluate(
    () =>
      new Promise<number[]>((resolve, reject) => {
        const opening = indexedDB.open('tabtune')
        opening.addEventListener('error', () => reject(opening.error))
        opening.addEventListener('success', () => {
          const store = opening.result.transaction('runs').objectStore('runs')
          const all = store.getAll(IDBKeyRange.bound('run/', 'run/~'))
          all.addEventListener('success', () => {
            const { length, columns } = all.result[0].run.series.steps
            resolve([...columns.step.subarray(0, length)])
            opening.result.close()
          })
        })
      }),
  )
}

/** Takes the run over into `to`. */
async function takeOver(from: Page, to: Page, record: LossRecord): Promise<void> {
  record.resumedAt = undefined
  await to.getByTestId('take-over').click({ timeout })
  await expect(to.getByTestId('run-status')).toHaveAttribute('data-status', 'training', { timeout })
  await expect(from.getByTestId('run-status')).toHaveAttribute('data-status', 'elsewhere', { timeout })
  await expect.poll(() => record.resumedAt !== undefined && record.last > record.resumedAt + 2, { timeout }).toBe(true)
}

async function run({ address, count, seed, report }: EndureOptions): Promise<EndureResult> {
  const { browser, page: first } = await openDemoPage(address)
  const failures: EndureFailure[] = []
  const times: number[] = []
  try {
    const record = new LossRecord()
    await hearTabs(first.context(), address, (heard) => record.hear(heard))
    const second = await first.context().newPage()
    await second.goto(address)
    await openDemo(second, 4)
    await startDemoRun(first, 100_000)
    await second.goto(`${address}#train`)
    let [from, to] = [first, second]
    let told = 0
    const tell = (at: number): void => {
      for (const problem of record.problems.slice(told)) failures.push({ case: at, problem })
      told = record.problems.length
    }
    for (let i = 0; i < count; i++) {
      await from.waitForTimeout(2000 * seededRandom(seed + i)())
      const startMs = performance.now()
      await takeOver(from, to, record)
      tell(i)
      times.push(performance.now() - startMs)
      ;[from, to] = [to, from]
      report(i + 1)
    }
    await from.getByTestId('stop').click({ timeout })
    for (const page of [from, to]) await expect(page.getByTestId('run-status')).toHaveAttribute('data-status', 'stopped', { timeout })
    tell(count - 1)
    const kept = await keptSteps(from)
    const whole = kept.length === record.last && kept.every((step, i) => step === i + 1)
    if (!whole) failures.push({ case: count - 1, problem: `the record has ${kept.length} steps, expected 1 to ${record.last}` })
    const median = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]
    return {
      figures: [
        `${record.steps.toLocaleString('en')} steps`,
        `${record.problems.length} problems`,
        `median takeover ${(median / 1000).toFixed(1)} s`,
      ],
      failures,
    }
  } finally {
    await browser.close()
  }
}

export const part: EndurePart = {
  name: 'two-tabs',
  shows: 'tabs take a run over from each other; never two trainers, no record lost',
  unit: 'takeovers',
  counts: { sample: 1, usual: 10, long: 50 },
  needs: 'page',
  run,
}
