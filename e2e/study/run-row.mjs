// Runs one row of the study with the commands of the command line, and reads its figures from what they print and write.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../../src/cli/node/cache.mjs'
import { bundled } from '../../src/cli/node/bundle.mjs'
import { findDriver } from '../../src/cli/node/driver.mjs'
import { jsonLines, node, tabtune, typed } from './commands.mjs'
import { filesOf, folder, taskOf, textFile } from './data.mjs'

/** @typedef {import('./rows.mjs').StudyRow} StudyRow */
/** @typedef {import('./rows.mjs').TrainRow} TrainRow */
/** @typedef {Record<string, any>} Figures */
/** @typedef {{ commands: string[], result: Figures }} Measured */

/** The model of the first stage, from the checkout's root. */
const model = join(folder, 'base')
const firstStage =
  'train --model public/demo --method full --set saveAs=f16 --lr 2e-3 --schedule cosine --warmup 20 --steps 400 --batch 4 --length 256 --packing'
const quiet = ['--eval-every', '0', '--sample-prompts', '0']

/** The scores, and the most tokens of an answer. @type {Record<TrainRow['data'], [scores: string, tokens: string]>} */
const judging = {
  viggo: ['functional,exact-match', '80'],
  wikisql: ['sql,exact-match', '96'],
  gsm8k: ['final-number,exact-match', '144'],
}
/** Of a row that measures speed. The first steps of a run compile kernels and are not counted. */
const [rounds, timedSteps, untimedSteps] = [3, 14, 4]

/** @param {readonly number[]} values */
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN

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

/** @param {Pick<TrainRow, 'data'>} row @param {string[]} more */
function evalArgs(row, more) {
  const [scores, tokens] = judging[row.data]
  const rows = ['eval', '--model', model, '--data', filesOf(row.data).test, '--length', '256', '--batch', '8']
  return [...rows, '--metrics', scores, '--max-tokens', tokens, ...more]
}

/** @param {Figures} found */
const figuresOf = ({ loss, perplexity, tokens, scores: judged }) => ({
  evalLoss: loss,
  perplexity,
  evalTokens: tokens,
  scores: Object.fromEntries(Object.entries(judged).map(([key, figure]) => [key, figure.value])),
})

/** The steps that `train` printed. @param {string} printed @returns {Figures[]} */
const stepsOf = (printed) => jsonLines(printed).filter(({ loss, learningRate }) => typeof loss === 'number' && learningRate !== undefined)

/** @param {string} out */
const summaryOf = (out) => JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'))

/** @param {string} printed @param {string} out @returns {Promise<Figures>} */
async function runFigures(printed, out) {
  const losses = stepsOf(printed).map(({ loss }) => loss)
  const { peakGpuBytes, adapterBytes, memory } = summaryOf(out)
  return {
    steps: losses.length,
    finalLoss: losses.at(-1),
    ...(await stability(losses)),
    endOverLowest: endOverLowest(losses),
    losses: losses.filter((_, i) => i % Math.max(1, Math.floor(losses.length / 25)) === 0).map((loss) => Number(loss.toPrecision(4))),
    peakGpuBytes,
    adapterBytes,
    trainableParameters: memory.trainableParameters,
    memory: memory.parts,
  }
}

/** Trains the base model of the study. @returns {Promise<Measured>} */
async function first() {
  const command = [...firstStage.split(' '), ...quiet, '--data', textFile(), '--out', model]
  rmSync(join(root, model), { recursive: true, force: true })
  const printed = await tabtune(command)
  return { commands: [typed(command)], result: await runFigures(printed, join(root, model)) }
}

/** @param {TrainRow} row @param {string} out @returns {Promise<Measured>} */
async function trained(row, out) {
  const { data, method, task, rate, seed, options, scored } = row
  const args = ['train', '--model', model, '--data', filesOf(data).train, '--method', method, '--lr', rate, '--seed', String(seed)]
  const command = [...args, ...(task ? ['--task', taskOf(data)] : []), ...quiet, ...options]
  const result = await runFigures(await tabtune([...command, '--out', out]), out)
  const commands = [typed([...command, '--out', 'OUT'])]
  if (!scored) return { commands, result }
  const judge = (/** @type {string} */ adapter) => evalArgs(row, ['--adapter', adapter])
  const [found] = jsonLines(await tabtune(judge(out)))
  return { commands: [...commands, typed(judge('OUT'))], result: { ...result, ...figuresOf(found) } }
}

/** The methods in turns. @param {import('./rows.mjs').SpeedRow} row @param {string} out @returns {Promise<Measured>} */
async function timed({ batch, methods }, out) {
  const more = ['--lr', '1e-3', '--steps', String(timedSteps), '--batch', String(batch), '--length', '128', ...quiet]
  const data = ['train', '--model', model, '--data', filesOf('viggo').train]
  const command = (/** @type {string} */ method, /** @type {string} */ to) => [...data, '--method', method, ...more, '--out', to]
  /** @type {Record<string, { ms: number[], tokensPerSecond: number[], peakGpuBytes: number, memory: Figures[] }>} */
  const found = {}
  for (let round = 0; round < rounds; round++)
    for (const method of methods) {
      const steps = stepsOf(await tabtune(command(method, out)))
      const from = steps[untimedSteps - 1]
      const to = steps.at(-1)
      if (!from || !to) throw new Error(`train: expected ${timedSteps} steps, got ${steps.length}`)
      const { peakGpuBytes, memory } = summaryOf(out)
      const ms = steps.slice(untimedSteps).map(({ elapsedMs }, i) => elapsedMs - steps[untimedSteps - 1 + i]?.elapsedMs)
      const rate = (1000 * (to.totalTokens - from.totalTokens)) / (to.elapsedMs - from.elapsedMs)
      const entry = (found[method] ??= { ms: [], tokensPerSecond: [], peakGpuBytes, memory: memory.parts })
      entry.ms.push(median(ms))
      entry.tokensPerSecond.push(rate)
      rmSync(out, { recursive: true, force: true })
    }
  return { commands: methods.map((method) => typed(command(method, 'OUT'))), result: { methods: found } }
}

/** Trains the base model if it is not there; two rows at once share it. @type {Promise<unknown> | undefined} */
let based

/** @param {number} adapters */
async function served(adapters) {
  const [driver, bundle] = await Promise.all([
    findDriver(),
    bundled('e2e/study/side-by-side.ts', 'study-serve.mjs', ['src', 'shaders', 'e2e/study']),
  ])
  return JSON.parse(await node([bundle, 'public/demo', String(adapters)], driver.env))
}

/** @param {StudyRow} row @returns {Promise<Measured>} */
export async function runRow(row) {
  if (row.kind === 'serve') return { commands: [`npm run -s study -- --only '${row.id}'`], result: await served(row.adapters) }
  if (row.kind === 'plan') {
    const args = ['plan', '--config', row.config, ...row.options, '--json']
    return { commands: [typed(args)], result: { plans: JSON.parse(await tabtune(args)) } }
  }
  if (row.kind === 'first') return first()
  await (based ??= existsSync(join(root, model, 'model.safetensors')) ? Promise.resolve() : first())
  if (row.kind === 'base') {
    const args = evalArgs(row, row.task ? ['--task', taskOf(row.data)] : [])
    return { commands: [typed(args)], result: figuresOf(jsonLines(await tabtune(args))[0]) }
  }
  const place = mkdtempSync(join(tmpdir(), 'tabtune-study-'))
  try {
    return await (row.kind === 'speed' ? timed(row, join(place, 'out')) : trained(row, join(place, 'out')))
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}
