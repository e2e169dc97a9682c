// `npm run study`: repeats the article's comparison of LoRA with full fine-tuning on the demo's model, row by row, and writes docs/study.md.
// It may be stopped at any time: a row that is done is a line of docs/study/results.jsonl, and is not run again.
import { execFileSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from '../src/cli/node/cache.mjs'
import { absent } from './study/data.mjs'
import { withPage } from './study/page.mjs'
import { rows } from './study/rows.mjs'
import { runRow } from './study/run-row.mjs'

const folder = join(root, 'docs', 'study')
const resultsPath = join(folder, 'results.jsonl')
const pagePath = join(root, 'docs', 'study.md')

/** @typedef {{ id: string, commands: string[], commit: string, date: string, seconds: number, result: Record<string, any> }} Result */

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

function writePage() {
  const before = existsSync(pagePath) ? readFileSync(pagePath, 'utf8') : ''
  writeFileSync(pagePath, withPage(before, results()))
}

/** @param {string} id @param {() => Promise<{ commands: string[], result: Record<string, any> }>} measure */
async function measured(id, measure) {
  const started = Date.now()
  say(`${id} …`)
  try {
    const { commands, result } = await measure()
    const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()
    const seconds = Math.round((Date.now() - started) / 1000)
    /** @type {Result} */
    const line = { id, commands, commit, date: new Date().toISOString().slice(0, 10), seconds, result }
    mkdirSync(folder, { recursive: true })
    // A line that was cut off stays a line of its own.
    const whole = !existsSync(resultsPath) || /(^|\n)$/.test(readFileSync(resultsPath, 'utf8'))
    appendFileSync(resultsPath, `${whole ? '' : '\n'}${JSON.stringify(line)}\n`)
    say(`${id}: done in ${seconds} s.`)
  } catch (error) {
    say(`${id}: ${error instanceof Error ? error.message : error}`)
    process.exitCode = 1
  }
}

const { values } = parseArgs({
  options: { only: { type: 'string' }, count: { type: 'string' }, list: { type: 'boolean' }, page: { type: 'boolean' } },
})
const done = results()
if (values.list) for (const { id } of rows) process.stdout.write(`${done.has(id) ? 'done' : 'left'}  ${id}\n`)
const missing = absent()
if (!values.list && !values.page) {
  if (missing.length) {
    say(`../shared/datasets: expected ${missing.join(', ')}, which the study trains on, got a folder without them. Put them there.`)
    process.exit(1)
  }
  const wanted = rows.filter(({ id }) => (values.only === undefined ? !done.has(id) : id === values.only))
  if (values.only !== undefined && !wanted.length) {
    say(`--only: expected the id of a row, got ${values.only}. Run npm run study -- --list for the ids.`)
    process.exit(1)
  }
  for (const row of wanted.slice(0, values.count === undefined ? undefined : Number(values.count))) {
    await measured(row.id, () => runRow(row))
    writePage()
  }
}
if (values.page) writePage()
tell(results())
