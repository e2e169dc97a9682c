// `npm test`: runs lint, format, types, a build of the page, unit tests, GPU tests, the tests of the page and a sample of `npm run endure`.
// Each part runs even if others fail. At the end it prints the slowest tests, the time of each part, the tests that failed, and in the last line the counts.
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { findDriver } from '../src/cli/node/driver.mjs'
import { findBrowser } from '../src/cli/node/browser.mjs'
import { checkoutCache, root } from '../src/cli/node/cache.mjs'
import { playwrightReport, slowest, vitestReport } from './test-reports.mjs'

/** @typedef {import('./test-reports.mjs').TimedTest} TimedTest */
/** @typedef {import('./test-reports.mjs').Report} Report */

/** The folder of the page that the checks build, for the parts that open it. */
const page = join(root, 'dist')

/**
 * Runs a part and prints its lines behind its name, because two parts run at the same time. Returns whether it passed.
 * @param {string} name @param {string[]} command a script of node_modules or of ours, and its arguments @param {Record<string, string>} env
 * @returns {Promise<boolean>}
 */
function node(name, command, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, command, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
    for (const [from, to] of /** @type {const} */ ([
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ]))
      createInterface({ input: from }).on('line', (line) => to.write(`${name} | ${line}\n`))
    child.on('error', (error) => process.stderr.write(`${name} | ${error.message}\n`))
    child.on('close', (status) => resolve(status === 0))
  })
}

/** @param {string} path */
function bin(path) {
  return join(root, 'node_modules', path)
}

/** One check that passes or fails as a whole; its output is shown when it ends. @param {string[]} command @returns {Promise<Report>} */
function check(...command) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, command, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    /** @type {Buffer[]} */
    const said = []
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => said.push(piece))
    child.on('error', (error) => said.push(Buffer.from(`${error.message}\n`)))
    child.on('close', (status) => {
      process.stdout.write(Buffer.concat(said))
      resolve({ passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0, timed: [], failures: [] })
    })
  })
}

/**
 * Runs a part that writes a JSON report of its tests. If it ends without a report, it has failed.
 * @param {string} name
 * @param {(report: string) => Promise<boolean>} run
 * @param {(json: any) => Report} read
 * @returns {Promise<Report>}
 */
async function counted(name, run, read) {
  const report = join(checkoutCache, `report-${name}.json`)
  rmSync(report, { force: true })
  const ok = await run(report)
  try {
    const tests = read(JSON.parse(readFileSync(report, 'utf8')))
    return ok || tests.failed > 0 ? tests : { ...tests, failed: 1 }
  } catch {
    return { passed: 0, failed: 1, skipped: 0, timed: [], failures: ['it ended without a report'] }
  }
}

/** @param {string} name @param {string} project */
function vitest(name, project) {
  const run = ['run', '--project', project, '--reporter=default', '--reporter=json']
  return counted(name, (report) => node(name, [bin('vitest/vitest.mjs'), ...run, `--outputFile.json=${report}`]), vitestReport)
}

/** @param {string} name */
function playwright(name) {
  const run = [bin('playwright/cli.js'), 'test', '--config', 'e2e/playwright.config.ts']
  return counted(name, (report) => node(name, run, { TABTUNE_REPORT: report, TABTUNE_BUILT_PAGE: page }), playwrightReport)
}

/** A sample of every part of `npm run endure`. @param {string} name */
function endure(name) {
  const run = (/** @type {string} */ report) => node(name, ['e2e/endure.mjs', '--sample', '--json', report], { TABTUNE_BUILT_PAGE: page })
  return counted(name, run, (report) => report)
}

/** The arguments of `prettier …` in package.json, so that both check the same files. @type {string[]} */
const formatArguments = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  .scripts['format:check'].split(' ')
  .slice(1)

/** Checks that need one core each. They run at the same time. @type {[string, () => Promise<Report>][]} */
const checks = [
  ['format', () => check(bin('prettier/bin/prettier.cjs'), ...formatArguments)],
  ['build', () => check(bin('vite/bin/vite.js'), 'build', '--logLevel', 'warn')],
  ['types', () => check(bin('typescript/bin/tsc'))],
  ['worker types', () => check(bin('typescript/bin/tsc'), '-p', 'src/worker')],
  ['house', () => check('e2e/house.mjs')],
  ['lint', () => check(bin('oxlint/bin/oxlint'), '--deny-warnings')],
]

/**
 * Tests that use all cores. Two parts run at the same time, since each leaves a core idle now and then: while it starts, waits for the other
 * of its two processes at the end, or waits for a page.
 * @type {[string, (name: string) => Promise<Report>][][]}
 */
const lanes = [
  [
    ['unit', (name) => vitest(name, 'unit')],
    ['page', playwright],
  ],
  [
    ['GPU', (name) => vitest(name, 'gpu')],
    ['endure', endure],
  ],
]

/** @param {() => Promise<{ adapter: string }>} find */
async function adapterName(find) {
  try {
    return (await find()).adapter
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
    return 'none'
  }
}

mkdirSync(checkoutCache, { recursive: true })
// A page that is not built again must not be tested.
rmSync(page, { recursive: true, force: true })
const total = { passed: 0, failed: 0, skipped: 0 }
/** @type {string[]} */
const lines = []
/** @type {TimedTest[]} */
const timed = []
/** @type {string[]} */
const failures = []

/** @param {string} name @param {number} startMs @param {Report} report */
function count(name, startMs, report) {
  total.passed += report.passed
  total.failed += report.failed
  total.skipped += report.skipped
  timed.push(...report.timed)
  failures.push(...report.failures.map((failure) => `${name}: ${failure}`))
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1)
  lines.push(`${name}: ${report.passed} passed, ${report.failed} failed, ${report.skipped} skipped (${seconds} s)`)
}

process.stdout.write(`\n── ${checks.map(([name]) => name).join(', ')}\n`)
const checksStartMs = performance.now()
const checked = new Map(checks.map(([name, run]) => [name, run().then((report) => count(name, checksStartMs, report))]))
// The page is tested as it was built. The other checks end meanwhile.
await checked.get('build')
await Promise.all([
  ...checked.values(),
  ...lanes.map(async (parts) => {
    for (const [name, run] of parts) {
      process.stdout.write(`\n── ${name}\n`)
      const startMs = performance.now()
      count(name, startMs, await run(name))
    }
  }),
])
const driver = await adapterName(findDriver)
const browser = await adapterName(findBrowser)
process.stdout.write(`\nthe slowest:\n${slowest(timed).join('\n')}\n`)
process.stdout.write(`\n${lines.join('\n')}\nadapters: ${driver} in Node, ${browser} in the page\n`)
if (failures.length > 0) process.stdout.write(`\nfailed:\n${failures.join('\n')}\n\n`)
process.stdout.write(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}\n`)
process.exitCode = total.failed > 0 ? 1 : 0
