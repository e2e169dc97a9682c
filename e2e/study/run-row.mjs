// Runs one row of the study with the commands of the command line, and reads its figures from what they print and write.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { root } from '../../src/cli/node/cache.mjs'
import { bundled } from '../../src/cli/node/bundle.mjs'
import { findDriver } from '../../src/cli/node/driver.mjs'
import { filesOf, taskOf } from './data.mjs'

/** @typedef {import('./rows.mjs').StudyRow} StudyRow */
/** @typedef {import('./rows.mjs').TrainRow} TrainRow */
/** @typedef {Record<string, any>} Figures */

const model = 'public/demo'
/** A row that takes longer is stopped, and has no result. */
const limitMs = 1_200_000

const scores = { viggo: 'functional,exact-match', wikisql: 'sql,exact-match', gsm8k: 'final-number,exact-match' }

/** Runs `node ARGS` in the checkout. @param {readonly string[]} args @param {Record<string, string>} [env] @returns {string} what it printed */
function node(args, env = {}) {
  const { status, stdout, stderr, signal } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    timeout: limitMs,
    env: { ...process.env, ...env },
  })
  if (status !== 0) throw new Error(signal ? `stopped by ${signal}` : (stderr.trim().split('\n').at(-1) ?? 'it failed'))
  return stdout
}

/** @param {readonly string[]} args */
const tabtune = (args) => node(['src/cli/launch.mjs', ...args])

/** As a person types it. @param {readonly string[]} args */
const written = (args) =>
  `npm run -s tabtune -- ${args.map((arg) => (/^[\w./,=:%-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", "'\\''")}'`)).join(' ')}`

/** A path as commands have it. @param {string} path */
const short = (path) => relative(root, path)

/** How far the mean loss of the last 20 steps is above the lowest such mean. @param {readonly number[]} losses */
function endOverLowest(losses) {
  const means = losses.slice(19).map((_, i) => losses.slice(i, i + 20).reduce((a, b) => a + b, 0) / 20)
  return means.length ? (means.at(-1) ?? NaN) - Math.min(...means) : undefined
}

/** Spikes as comparisons count them. @param {readonly number[]} losses @returns {Promise<{ spikes: number, spikeHeight?: number }>} */
async function stability(losses) {
  const { stabilityOf } = await import(await bundled('src/config/stability.ts', 'study-stability.mjs', ['src/config']))
  return stabilityOf(losses)
}

/** @param {string} stdout */
const lines = (stdout) =>
  stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))

/** @param {TrainRow['data']} data @param {string[]} more */
function evalArgs(data, more) {
  const test = short(filesOf(data).test)
  return ['eval', '--model', model, '--data', test, '--length', '256', '--batch', '4', '--metrics', scores[data], ...more]
}

/** @param {Figures} found */
const figuresOf = ({ loss, perplexity, tokens, scores: judged }) => ({
  evalLoss: loss,
  perplexity,
  evalTokens: tokens,
  scores: Object.fromEntries(Object.entries(judged).map(([key, figure]) => [key, figure.value])),
})

/** @param {TrainRow} row @param {string} out @returns {Promise<{ commands: string[], result: Figures }>} */
async function trained(row, out) {
  const { data, method, task, rate, seed, options, scored } = row
  const args = ['train', '--model', model, '--data', short(filesOf(data).train), '--method', method, '--lr', rate, '--seed', String(seed)]
  const command = [...args, ...(task ? ['--task', taskOf(data)] : []), '--length', '256', '--eval-every', '0', ...options]
  const printed = tabtune([...command, '--out', out])
  const losses = lines(printed).flatMap((line) => (typeof line.loss === 'number' && line.learningRate !== undefined ? [line.loss] : []))
  const summary = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'))
  const result = {
    steps: losses.length,
    finalLoss: losses.at(-1),
    ...(await stability(losses)),
    endOverLowest: endOverLowest(losses),
    losses: losses.filter((_, i) => i % Math.max(1, Math.floor(losses.length / 25)) === 0).map((loss) => Number(loss.toPrecision(4))),
    tokensPerSecond: summary.tokensPerSecond ?? lines(printed).at(-1)?.tokensPerSecond,
    msPerStep: summary.elapsedMs / losses.length,
    peakGpuBytes: summary.peakGpuBytes,
    adapterBytes: summary.adapterBytes,
    trainableParameters: summary.memory.trainableParameters,
    memory: summary.memory.parts,
  }
  const commands = [written([...command, '--out', 'OUT'])]
  if (!scored) return { commands, result }
  const judging = (/** @type {string} */ adapter) => evalArgs(data, ['--adapter', adapter])
  const [found] = lines(tabtune(judging(out)))
  return { commands: [...commands, written(judging('OUT'))], result: { ...result, ...figuresOf(found) } }
}

/** @param {number} adapters */
async function served(adapters) {
  const [driver, bundle] = await Promise.all([
    findDriver(),
    bundled('e2e/study/side-by-side.ts', 'study-serve.mjs', ['src', 'shaders', 'e2e/study']),
  ])
  return JSON.parse(node([bundle, model, String(adapters)], driver.env))
}

/** @param {StudyRow} row @returns {Promise<{ commands: string[], result: Figures }>} */
export async function runRow(row) {
  if (row.kind === 'serve') return { commands: [`npm run -s study -- --only '${row.id}'`], result: await served(row.adapters) }
  if (row.kind === 'plan') {
    const args = ['plan', '--config', row.config, ...row.options, '--json']
    return { commands: [written(args)], result: { plans: JSON.parse(tabtune(args)) } }
  }
  if (row.kind === 'base') {
    const args = evalArgs(row.data, row.task ? ['--task', taskOf(row.data)] : [])
    return { commands: [written(args)], result: figuresOf(lines(tabtune(args))[0]) }
  }
  const folder = mkdtempSync(join(tmpdir(), 'tabtune-study-'))
  try {
    return await trained(row, join(folder, 'out'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
