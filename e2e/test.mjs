// `npm test`: runs lint, format, types, unit tests, GPU tests, the tests of the page and a sample of `npm run endure`. Each part runs even if
// others fail. At the end it prints the slowest tests, the time of each part, and in the last line the counts.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { findDriver } from '../src/cli/node/driver.mjs'
import { findBrowser } from '../src/cli/node/browser.mjs'
import { checkoutCache, root } from '../src/cli/node/cache.mjs'
import { playwrightReport, slowest, vitestReport } from './test-reports.mjs'

/** @typedef {import('./test-reports.mjs').TimedTest} TimedTest */
/** @typedef {import('./test-reports.mjs').Report} Report */

/** @param {string[]} command a script of node_modules or of ours, and its arguments @param {Record<string, string>} env */
function node(command, env = {}) {
  return spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } }).status === 0
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
      resolve({ passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0, timed: [] })
    })
  })
}

/**
 * Runs a part that writes a JSON report of its tests. If it ends without a report, it has failed.
 * @param {(report: string) => boolean} run
 * @param {(json: any) => Report} read
 * @returns {Report}
 */
function counted(run, read) {
  const report = join(checkoutCache, 'report.json')
  rmSync(report, { force: true })
  const ok = run(report)
  try {
    const tests = read(JSON.parse(readFileSync(report, 'utf8')))
    return ok || tests.failed > 0 ? tests : { ...tests, failed: 1 }
  } catch {
    return { passed: 0, failed: 1, skipped: 0, timed: [] }
  }
}

/** @param {string} project */
function vitest(project) {
  return counted(
    (report) =>
      node([bin('vitest/vitest.mjs'), 'run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]),
    vitestReport,
  )
}

function page() {
  return counted(
    (report) => node([bin('playwright/cli.js'), 'test', '--config', 'e2e/playwright.config.ts'], { TABTUNE_REPORT: report }),
    playwrightReport,
  )
}

/** A sample of every part of `npm run endure`, with the page that its tests have built. */
function endure() {
  const built = join(root, 'dist')
  return counted(
    (report) => node(['e2e/endure.mjs', '--sample', '--json', report], existsSync(built) ? { TABTUNE_BUILT_PAGE: built } : {}),
    (report) => report,
  )
}

/** The arguments of `prettier …` in package.json, so that both check the same files. @type {string[]} */
const formatArguments = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  .scripts['format:check'].split(' ')
  .slice(1)

/** Checks that need one core each. They run at the same time, the longest first. @type {[string, () => Promise<Report>][]} */
const checks = [
  ['format', () => check(bin('prettier/bin/prettier.cjs'), ...formatArguments)],
  ['types', () => check(bin('typescript/bin/tsc'))],
  ['worker types', () => check(bin('typescript/bin/tsc'), '-p', 'src/worker')],
  ['house', () => check('e2e/house.mjs')],
  ['lint', () => check(bin('oxlint/bin/oxlint'), '--deny-warnings')],
]

/** Tests that use all cores. They run one after another. @type {[string, () => Report][]} */
const tests = [
  ['unit', () => vitest('unit')],
  ['GPU', () => vitest('gpu')],
  ['page', page],
  ['endure', endure],
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
const total = { passed: 0, failed: 0, skipped: 0 }
/** @type {string[]} */
const lines = []
/** @type {TimedTest[]} */
const timed = []

/** @param {string} name @param {number} startMs @param {Report} report */
function count(name, startMs, report) {
  total.passed += report.passed
  total.failed += report.failed
  total.skipped += report.skipped
  timed.push(...report.timed)
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1)
  lines.push(`${name}: ${report.passed} passed, ${report.failed} failed, ${report.skipped} skipped (${seconds} s)`)
}

process.stdout.write(`\n── ${checks.map(([name]) => name).join(', ')}\n`)
const checksStartMs = performance.now()
await Promise.all(checks.map(async ([name, run]) => count(name, checksStartMs, await run())))
for (const [name, run] of tests) {
  process.stdout.write(`\n── ${name}\n`)
  const startMs = performance.now()
  count(name, startMs, run())
}
const driver = await adapterName(findDriver)
const browser = await adapterName(findBrowser)
process.stdout.write(`\nthe slowest:\n${slowest(timed).join('\n')}\n`)
process.stdout.write(`\n${lines.join('\n')}\nadapters: ${driver} in Node, ${browser} in the page\n`)
process.stdout.write(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}\n`)
process.exitCode = total.failed > 0 ? 1 : 0
