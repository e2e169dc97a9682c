// Files of the browser's profile are changed while it is closed: those of IndexedDB, and those of its own file system. The page that is opened
// next has every run and adapter as it was, or says what is missing.
import { statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { randomNumbers } from '../../src/testing/random'
import { expect, fill, openDemo } from '../studio'
import { damage } from './damage'
import { startDemoRun } from './demo-page'
import { hearTabs } from './heard'
import { type Shown, shownLibrary } from './library-shown'
import type { EndureFailure, EndureOptions, EndurePart, EndureResult } from './part'
import { type Profile, newProfile } from './profile'

const timeout = 120_000
/** A snapshot every six seconds, the shortest time that the page allows. */
const preferences = { saveMinutes: 0.1 }
const places = ['IndexedDB', 'File System'] as const

/** Makes a profile with a run that has ended, one that the end of the browser interrupted, and copies of their model and data. */
async function prepare(profile: Profile, { address, sample }: EndureOptions): Promise<void> {
  const context = await profile.open()
  const kept = new Set<string>()
  await hearTabs(context, address, ({ runId, event }) => event.type === 'kept' && event.step > 0 && kept.add(runId))
  const page = await context.newPage()
  await page.addInitScript((chosen) => localStorage.setItem('tabtune.preferences', JSON.stringify(chosen)), preferences)
  await page.goto(address)
  await openDemo(page, 4)
  await fill(page, { steps: 12, batchSize: 1, warmup: 1, maxLength: 32, evalEvery: 4 })
  await page.getByTestId('train-start').click({ timeout })
  await expect(page.getByTestId('run-status')).toHaveAttribute('data-status', 'finished', { timeout })
  await page.evaluate(() => (location.hash = 'setup'))
  await startDemoRun(page, 100_000, sample ? 5 : 0)
  await expect.poll(() => kept.size, { timeout }).toBe(2)
  // Its record is written after the snapshot.
  await page.waitForTimeout(1000)
  profile.kill()
}

/** The Library of a profile. Its browser has ended when this resolves. */
async function libraryOf(profile: Profile, address: string): Promise<{ shown: Shown; errors: string[] }> {
  const context = await profile.open()
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(`the page has an error: ${error.message}`))
  page.on('crash', () => errors.push('the page crashed'))
  try {
    await page.goto(`${address}#library`)
    return { shown: await shownLibrary(page), errors }
  } finally {
    profile.kill()
  }
}

/** What is wrong about `now`, where `was` is what the page showed before the damage. */
function problemsOf(was: Shown, now: Shown): string[] {
  const problems: string[] = []
  const said = now.sentences.some((sentence) => !was.sentences.includes(sentence))
  const missing = (what: string): void => void (said || problems.push(`${what} is missing without a word`))
  for (const [name, run] of was.runs) {
    const there = now.runs.get(name)
    if (!there) missing(`the run ${name}`)
    for (const [fact, value] of there ? Object.entries(run.facts) : []) {
      const shown = there?.facts[fact]
      if (shown === value) continue
      const none = shown === undefined || !/\d/.test(shown)
      // A run that was interrupted may be found with the steps after its record.
      if (none || run.status === 'interrupted') missing(`${fact} of ${name} (${value}; there is ${shown})`)
      else problems.push(`${name} shows ${fact} ${shown} instead of ${value}`)
    }
    for (const [path, hash] of there ? Object.entries(run.files) : []) {
      const got = there?.files[path]
      if (got === undefined) missing(`${path} of ${name}`)
      else if (got !== hash) problems.push(`${path} has other bytes`)
    }
  }
  for (const copy of was.copies) if (!now.copies.includes(copy)) missing(`the copy ${copy}`)
  return problems
}

/** The files in which the browser keeps what a page stores in a place. Its locks and its logs of events hold nothing of a page. */
async function storedFiles(folder: string, place: (typeof places)[number]): Promise<string[]> {
  const all = await readdir(join(folder, 'Default', place), { recursive: true, withFileTypes: true })
  const stored = all.filter((one) => one.isFile() && !/^(LOCK|LOG|LOG\.old)$/.test(one.name))
  const paths = stored.map((one) => join(one.parentPath, one.name))
  return paths.filter((path) => statSync(path).size > 0).toSorted()
}

/** What kind of file it is, for the figures. */
function kindOf(path: string): string {
  if (path.startsWith(places[1])) return path.includes('Paths') || path.includes('Origins') ? 'index of files' : 'file'
  if (path.includes('.blob')) return 'IndexedDB value'
  return `IndexedDB ${/(log|ldb|MANIFEST|CURRENT)/.exec(path.slice(path.lastIndexOf('/')))?.[0] ?? 'other'}`
}

interface Case {
  kind: string
  problems: string[]
  /** The page shows something else than before. */
  noticed: boolean
}

const comparable = ({ runs, copies, sentences }: Shown): string => JSON.stringify([...runs, copies, sentences])

/** Damages one file of a copy of `template`. */
async function damaged(template: string, seed: number, address: string, was: Shown): Promise<Case> {
  const profile = newProfile(template)
  const random = randomNumbers(seed)
  const files = await storedFiles(profile.folder, places[random() < 0.6 ? 0 : 1])
  const path = files[Math.floor(random() * files.length)]
  const name = relative(join(profile.folder, 'Default'), path)
  const what = await damage(path, random)
  try {
    const { shown, errors } = await libraryOf(profile, address)
    const problems = [...errors, ...problemsOf(was, shown)].map((problem) => `${name}, ${what}: ${problem}`)
    return { kind: kindOf(name), problems, noticed: comparable(shown) !== comparable(was) }
  } catch (error) {
    return { kind: kindOf(name), problems: [`${name}, ${what}: ${String(error)}`], noticed: true }
  } finally {
    profile.remove()
  }
}

async function run(options: EndureOptions): Promise<EndureResult> {
  const { address, count, seed, report } = options
  const failures: EndureFailure[] = []
  const kinds = new Map<string, number>()
  let noticed = 0
  const first = newProfile()
  try {
    await prepare(first, options)
    report(0)
    // A browser that opens the profile again rewrites some of its files, and the page then has nothing to put in order.
    await libraryOf(first, address)
    const { shown: was } = await libraryOf(first, address)
    for (let i = 0; i < count; i++) {
      const { kind, problems, noticed: changed } = await damaged(first.folder, seed + i, address, was)
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
      if (changed) noticed++
      for (const problem of problems) failures.push({ case: i, problem })
      report(i + 1)
    }
  } finally {
    first.kill()
    first.remove()
  }
  const shares = [...kinds].toSorted().map(([kind, files]) => `${kind} ${files}`)
  return { figures: [shares.join(', '), `${noticed} changed what the page shows`], failures }
}

export const part: EndurePart = {
  name: 'browser-files',
  shows: 'changed files of the browser’s own storage: runs and adapters are as they were, or the page says what is missing',
  unit: 'files',
  counts: { sample: 1, usual: 60, long: 400 },
  needs: 'page',
  run,
}
