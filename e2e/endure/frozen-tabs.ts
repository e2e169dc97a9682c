// The processes of the tabs or of the whole browser are stopped for a while, again and again, as when a tab is frozen or the machine sleeps.
// Then the process of the tab ends, as that of a discarded tab, and another tab resumes the run. All losses are compared with those of a run
// that was left alone.
import { existsSync } from 'node:fs'
import type { BrowserContext, Page } from 'playwright'
import { seededRandom } from '../../src/data/random'
import type { LossRecord } from './loss-record'
import type { EndureOptions, EndurePart, EndureResult } from './part'
import { type Profile, newProfile } from './profile'
import { RecordedRuns, compared, openRecorded, openTab, startRecorded, until } from './recorded-run'

/** The steps that the run takes afterwards, at least. */
const stepsAfter = 3
/** Longer than the engine waits for most answers. */
const mostMs = 12_000

/** Stops the tabs, or the whole browser, for a while. Returns for how long. */
async function freeze(page: Page, profile: Profile, record: LossRecord, random: () => number): Promise<number> {
  const thaw = profile.stop(random() < 0.5 ? 'tabs' : 'everything')
  const ms = 1000 + (mostMs - 1000) * random()
  await new Promise((resolve) => setTimeout(resolve, ms))
  const { last } = record
  thaw()
  await until(page, 'the run continued', () => record.last >= last + stepsAfter)
  return ms
}

/** Ends the process of the tab. Returns another one, in which the run was resumed. */
async function discard(context: BrowserContext, page: Page, address: string, record: LossRecord): Promise<Page> {
  await until(page, 'a snapshot was kept', () => record.kept > 0)
  const { last } = record
  record.resumedAt = undefined
  const session = await context.newCDPSession(page)
  const crashed = page.waitForEvent('crash')
  // The answer to this never comes.
  void session.send('Page.crash').catch(() => undefined)
  await crashed
  const again = await openTab(context, address)
  await until(again, 'the run of the discarded tab was resumed', () => record.resumedAt !== undefined)
  await until(again, 'the lost steps were computed again', () => record.last > last)
  return again
}

async function frozen(profile: Profile, options: EndureOptions, runs: RecordedRuns) {
  const { address, count, seed, report } = options
  const record = runs.disturbed
  const { context, page } = await openRecorded(profile, address, runs)
  await startRecorded(page, options)
  let stoppedMs = 0
  for (let i = 0; i < count; i++) {
    const random = seededRandom(seed + i)
    await page.waitForTimeout(2000 * random())
    stoppedMs += await freeze(page, profile, record, random)
    report(i + 1)
  }
  const again = await discard(context, page, address, record)
  return { page: again, stoppedMs, failures: record.problems.map((problem) => ({ case: 0, problem })) }
}

async function run(options: EndureOptions): Promise<EndureResult> {
  if (!existsSync('/proc/self/cmdline')) return { figures: [], failures: [], skipped: 'the system has no /proc/*/cmdline' }
  const profile = newProfile()
  const runs = new RecordedRuns()
  try {
    const { page, stoppedMs, failures } = await frozen(profile, options, runs)
    const { differ, failures: others } = await compared(page, runs, options, () => options.report(options.count))
    return {
      figures: [
        `${runs.disturbed.steps.toLocaleString('en')} steps, ${differ} losses differ`,
        `stopped for ${(stoppedMs / 1000).toFixed(0)} s in all`,
        'the run of a discarded tab was resumed',
      ],
      failures: [...failures, ...others],
    }
  } finally {
    profile.kill()
    profile.remove()
  }
}

export const part: EndurePart = {
  name: 'frozen-tabs',
  shows: 'a run continues with the same losses after its processes were stopped for a while, and in another tab after they were ended',
  unit: 'stops',
  counts: { sample: 1, usual: 5, long: 50 },
  needs: 'page',
  run,
}
