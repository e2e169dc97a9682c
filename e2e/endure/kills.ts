// `kill -9` of the whole browser at random moments while it trains. The run is resumed after each, and in the end it is compared with a run
// that was not killed, in the browser that is open then.
import { existsSync } from 'node:fs'
import { seededRandom } from '../../src/data/random'
import type { EndureOptions, EndurePart, EndureResult } from './part'
import { type Profile, newProfile } from './profile'
import { RecordedRuns, compared, openRecorded, startRecorded, until } from './recorded-run'

/** Kills the browser `count` times and resumes the run after each. Returns the problems of each kill, and how many steps were lost, and the page. */
async function killed(profile: Profile, options: EndureOptions, runs: RecordedRuns) {
  const { address, count, seed, sample, report } = options
  const record = runs.disturbed
  const [problems, lost]: [string[][], number[]] = [[], []]
  /** Problems that a kill before has reported. */
  let told = 0
  let { page } = await openRecorded(profile, address, runs)
  await startRecorded(page, options)
  await until(page, 'the first snapshot was kept', () => record.kept > 0)
  for (let i = 0; i < count; i++) {
    await page.waitForTimeout((sample ? 2000 : 8000) * seededRandom(seed + i)())
    const [last, kept] = [record.last, record.kept]
    profile.kill()
    record.resumedAt = undefined
    ;({ page } = await openRecorded(profile, address, runs))
    await until(page, 'the run was resumed', () => record.resumedAt !== undefined)
    // The snapshot that was being taken at the kill may be whole although it was not acknowledged.
    const at = record.resumedAt ?? 0
    lost.push(Math.max(0, last - at))
    await until(page, 'the lost steps were computed again', () => record.last > last)
    problems.push([
      ...record.problems.slice(told),
      ...(at < kept ? [`the snapshot of step ${kept} was acknowledged, and the run was resumed from step ${at}`] : []),
    ])
    told = record.problems.length
    report(i + 1)
  }
  return { problems, lost, page }
}

async function run(options: EndureOptions): Promise<EndureResult> {
  if (!existsSync('/proc/self/cmdline')) return { figures: [], failures: [], skipped: 'the system has no /proc/*/cmdline' }
  const profile = newProfile()
  const runs = new RecordedRuns()
  try {
    const { problems, lost, page } = await killed(profile, options, runs)
    const { differ, failures } = await compared(page, runs, options, () => options.report(options.count))
    const mean = lost.reduce((sum, one) => sum + one, 0) / Math.max(1, lost.length)
    return {
      figures: [
        `${runs.disturbed.steps.toLocaleString('en')} steps, ${differ} losses differ`,
        `steps lost at a kill: mean ${mean.toFixed(1)}, most ${Math.max(...lost)}`,
        `${problems.flat().filter((p) => p.includes('acknowledged')).length} acknowledged snapshots lost`,
      ],
      failures: [...problems.flatMap((all, i) => all.map((problem) => ({ case: i, problem }))), ...failures],
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
