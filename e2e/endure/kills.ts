// `kill -9` of the whole browser at random moments while it trains. The run is resumed after each, and in the end it is compared with a run
// that was not killed, in the browser that is open then.
import { existsSync } from 'node:fs'
import type { Page } from 'playwright'
import { seededRandom } from '../../src/data/random'
import { expect, openDemo } from '../studio'
import { startDemoRun } from './demo-page'
import { type HeardEvent, hearTabs } from './heard'
import { LossRecord } from './loss-record'
import type { EndureOptions, EndurePart, EndureResult } from './part'
import { type Profile, newProfile } from './profile'

/** Far more than the part trains: a run that is compared has the same learning rates. */
const steps = 100_000
/** A snapshot every six seconds, the shortest time that the page allows. */
const preferences = { saveMinutes: 0.1, resumeBySelf: true }
const patienceMs = 120_000

async function until(what: string, condition: () => boolean): Promise<void> {
  const end = Date.now() + patienceMs
  while (!condition()) {
    if (Date.now() > end) throw new Error(`waited ${patienceMs / 1000} s until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** What is heard of the run that is killed, and of the one that is not. */
class Runs {
  readonly killed = new LossRecord()
  readonly whole = new LossRecord()
  private killedId: string | undefined

  /** The run that is heard first is the one that is killed. */
  readonly hear = (heard: HeardEvent): void => {
    this.killedId ??= heard.runId
    const record = heard.runId === this.killedId ? this.killed : this.whole
    record.hear(heard)
  }
}

async function open(profile: Profile, address: string, { hear }: Runs): Promise<Page> {
  const context = await profile.open()
  await hearTabs(context, address, hear)
  const page = await context.newPage()
  await page.addInitScript((chosen) => localStorage.setItem('tabtune.preferences', JSON.stringify(chosen)), preferences)
  await page.goto(address)
  await openDemo(page, 4)
  return page
}

/** Kills the browser `count` times and resumes the run after each. Returns the problems of each kill, how many steps were lost, and the page. */
async function killed(profile: Profile, { address, count, seed, report }: EndureOptions, runs: Runs) {
  const record = runs.killed
  const [problems, lost]: [string[][], number[]] = [[], []]
  /** Problems that a kill before has reported. */
  let told = 0
  let page = await open(profile, address, runs)
  await startDemoRun(page, steps)
  await until('the first snapshot was kept', () => record.kept > 0)
  for (let i = 0; i < count; i++) {
    await page.waitForTimeout(8000 * seededRandom(seed + i)())
    const [last, kept] = [record.last, record.kept]
    profile.kill()
    record.resumedAt = undefined
    page = await open(profile, address, runs)
    await until('the run was resumed', () => record.resumedAt !== undefined)
    // The snapshot that was being taken at the kill may be whole although it was not acknowledged.
    const at = record.resumedAt ?? 0
    lost.push(Math.max(0, last - at))
    await until('the lost steps were computed again', () => record.last > last)
    problems.push([
      ...record.problems.slice(told),
      ...(at < kept ? [`the snapshot of step ${kept} was acknowledged, and the run was resumed from step ${at}`] : []),
    ])
    told = record.problems.length
    report(i + 1)
  }
  return { problems, lost, page }
}

/** Stops the run and trains another one as far as it came. */
async function trainWhole(page: Page, runs: Runs, report: () => void): Promise<void> {
  await page.getByRole('navigation').locator('a[href="#train"]').click()
  await page.getByTestId('stop').click()
  await expect(page.getByTestId('run-status')).toHaveAttribute('data-status', 'stopped', { timeout: patienceMs })
  const alive = setInterval(report, 60_000)
  await page.getByRole('navigation').locator('a[href="#setup"]').click()
  await startDemoRun(page, steps)
  const end = Date.now() + 3_600_000
  while (runs.whole.last < runs.killed.last && Date.now() < end) await page.waitForTimeout(200)
  clearInterval(alive)
}

async function run(options: EndureOptions): Promise<EndureResult> {
  if (!existsSync('/proc/self/cmdline')) return { figures: [], failures: [], skipped: 'the system has no /proc/*/cmdline' }
  const profile = newProfile()
  const runs = new Runs()
  try {
    const { problems, lost, page } = await killed(profile, options, runs)
    await trainWhole(page, runs, () => options.report(options.count))
    const { killed: record, whole } = runs
    const differ = record.differences(whole)
    const failures = problems.flatMap((all, i) => all.map((problem) => ({ case: i, problem })))
    if (whole.last < record.last)
      failures.push({
        case: 0,
        problem: `the run without a kill came to step ${whole.last} only, so steps up to ${record.last} were not compared`,
      })
    if (differ.length > 0)
      failures.push({ case: 0, problem: `the losses of steps ${differ.slice(0, 5).join(', ')} … differ from a run that was not killed` })
    const mean = lost.reduce((sum, one) => sum + one, 0) / Math.max(1, lost.length)
    return {
      figures: [
        `${record.steps.toLocaleString('en')} steps, ${differ.length} losses differ`,
        `steps lost at a kill: mean ${mean.toFixed(1)}, most ${Math.max(...lost)}`,
        `${problems.flat().filter((p) => p.includes('acknowledged')).length} acknowledged snapshots lost`,
      ],
      failures,
    }
  } finally {
    profile.kill()
    profile.remove()
  }
}

export const part: EndurePart = {
  name: 'kills',
  shows: 'a run whose browser is killed is resumed from its newest snapshot with the same losses',
  unit: 'kills',
  counts: { sample: 1, usual: 15, long: 100 },
  needs: 'page',
  run,
}
