// `npm run study`: repeats the article's comparison of LoRA with full fine-tuning on the demo's model, row by row, and writes docs/study.md.
// It may be stopped at any time: a row that is done is a line of docs/study/results.jsonl, and is not run again.
import { execFileSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from '../src/cli/node/cache.mjs'
import { format, resolveConfig } from 'prettier'
import { findDriver } from '../src/cli/node/driver.mjs'
import { absent } from './study/data.mjs'
import { withPage } from './study/page.mjs'
import { alone, rows } from './study/rows.mjs'
import { runRow } from './study/run-row.mjs'

const folder = join(root, 'docs', 'study')
const resultsPath = join(folder, 'results.jsonl')
const pagePath = join(root, 'docs', 'study.md')

/** @typedef {import('./study/rows.mjs').StudyRow} StudyRow */
/** @typedef {{ id: string, commands: string[], commit: string, date: string, seconds: number, adapter: string, result: Record<string, any> }} Result */

/** The results so far by their rows' ids. A line that was cut off by a crash is not one. @returns {Map<string, Result>} */
function results() {
  const text = existsSync(resultsPath) ? readFileSync(resultsPath, 'utf8') : ''
  const found = text.split('\n').flatMap((line) => {
    try {
      return [/** @type {Result} */ (JSON.parse(line))]
    } catch {
      return []
    }
  })
  return new Map(found.map((result) => [result.id, result]))
}

/** @param {string} text */
const say = (text) => process.stderr.write(`${text}\n`)

/** @param {ReadonlyMap<string, Result>} done */
function tell(done) {
  for (const group of new Set(rows.map((row) => row.group))) {
    const all = rows.filter((row) => row.group === group)
    say(`${group}: ${all.filter(({ id }) => done.has(id)).length} of ${all.length} rows are done.`)
  }
}

async function writePage() {
  const before = existsSync(pagePath) ? readFileSync(pagePath, 'utf8') : ''
  writeFileSync(pagePath, await format(withPage(before, results()), { ...(await resolveConfig(pagePath)), parser: 'markdown' }))
}

/** Runs a row and writes its line and the page. @param {StudyRow} row @param {string} adapter */
async function measure(row, adapter) {
  const { id } = row
  const started = Date.now()
  say(`${id} …`)
  try {
    const { commands, result } = await runRow(row)
    const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()
    const seconds = Math.round((Date.now() - started) / 1000)
    /** @type {Result} */
    const line = { id, commands, commit, date: new Date().toISOString().slice(0, 10), seconds, adapter, result }
    mkdirSync(folder, { recursive: true })
    // A line that was cut off stays a line of its own.
    const whole = !existsSync(resultsPath) || /(^|\n)$/.test(readFileSync(resultsPath, 'utf8'))
    appendFileSync(resultsPath, `${whole ? '' : '\n'}${JSON.stringify(line)}\n`)
    say(`${id}: done in ${seconds} s.`)
  } catch (error) {
    say(`${id}: ${error instanceof Error ? error.message : error}`)
    process.exitCode = 1
  }
  await writePage()
}

/** Runs rows in their order, up to `jobs` at once. Those that measure time run alone. @param {readonly StudyRow[]} wanted @param {number} jobs */
async function measureAll(wanted, jobs) {
  const { adapter } = await findDriver()
  /** @type {Set<Promise<void>>} */
  const running = new Set()
  for (const row of wanted) {
    while (running.size >= (alone(row) ? 1 : jobs)) await Promise.race(running)
    const run = measure(row, adapter).finally(() => running.delete(run))
    running.add(run)
    if (alone(row)) await run
  }
  await Promise.all(running)
}

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    count: { type: 'string' },
    jobs: { type: 'string', default: '1' },
    list: { type: 'boolean' },
    page: { type: 'boolean' },
  },
})
const done = results()
if (values.list) for (const { id } of rows) process.stdout.write(`${done.has(id) ? 'done' : 'left'}  ${id}\n`)
const missing = absent()
if (!values.list && !values.page) {
  if (missing.length) {
    say(`../shared/datasets: expected ${missing.join(', ')}, which the study trains on, got a folder without them. Put them there.`)
    process.exit(1)
  }
  const jobs = Number(values.jobs)
  if (!Number.isInteger(jobs) || jobs < 1) {
    say(`--jobs: expected a whole number from 1, got ${values.jobs}.`)
    process.exit(1)
  }
  const wanted = rows.filter(({ id, group }) => (id === values.only || !done.has(id)) && [id, group, undefined].includes(values.only))
  if (!rows.some(({ id, group }) => [id, group, undefined].includes(values.only))) {
    say(`--only: expected the id or the group of a row, got ${values.only}. Run npm run study -- --list for the ids.`)
    process.exit(1)
  }
  await measureAll(wanted.slice(0, values.count === undefined ? undefined : Number(values.count)), jobs)
}
if (values.page) await writePage()
tell(results())
