// `npm run bench:precision`: how much fast products change the loss of a run, beside how much another seed changes it. Trains the same runs
// with exact and with fast products on this device, with the command line, and prints a table in Markdown.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { findDriver } from '../src/cli/node/driver.mjs'
import { jsonLines, tabtune } from './study/commands.mjs'

const shared = '../shared'
/** Short sequences, so that the runs take minutes on a software adapter too. */
const workloads = [
  {
    name: 'TinyStories-656K, LoRA, 4 × 64',
    args: ['--model', `${shared}/models/TinyStories-656K`, '--data', `${shared}/datasets/tinystories.train.jsonl`],
    rows: ['--eval', `${shared}/datasets/tinystories.valid.jsonl`, '--batch', '4', '--length', '64'],
    seeds: 3,
    steps: 200,
  },
  {
    name: 'SmolLM2-135M-Instruct Q4_1, LoRA, 1 × 64',
    args: [
      ['--model', `${shared}/models/SmolLM2-135M-Instruct/SmolLM2-135M-Instruct.Q4_1.gguf`],
      ['--data', `${shared}/models/SmolLM2-135M-Instruct/train_rows.jsonl`],
      // Most prompts are longer than 64 tokens.
      ['--skip-bad'],
    ].flat(),
    rows: ['--eval', `${shared}/models/SmolLM2-135M-Instruct/test_rows.jsonl`, '--eval-rows', '8', '--batch', '1', '--length', '64'],
    seeds: 2,
    steps: 50,
  },
]
const always = ['--method', 'lora', '--eval-every', '0', '--sample-prompts', '0']
/** Losses of single steps differ with their rows, so a run's loss is the mean of its last steps. */
const lastSteps = 20

/** @typedef {{ first: number, last: number, heldOut: number, seconds: number }} Ran */
/** @typedef {(typeof workloads)[number]} Workload */

/** @param {string} text */
const say = (text) => process.stderr.write(`${text}\n`)

/** @param {readonly number[]} values */
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length

/** Trains once. @param {Workload} workload @param {string} precision @param {number} seed @param {number} steps @returns {Promise<Ran>} */
async function ran({ args, rows }, precision, seed, steps) {
  const out = mkdtempSync(join(tmpdir(), 'tabtune-precision-'))
  const started = performance.now()
  try {
    const run = ['--precision', precision, '--seed', String(seed), '--steps', String(steps), '--out', join(out, 'run')]
    const lines = jsonLines(await tabtune(['train', ...args, ...rows, ...always, ...run]))
    const losses = lines.filter(({ learningRate }) => learningRate !== undefined).map(({ loss }) => loss)
    const heldOut = lines.findLast(({ evalLoss }) => evalLoss !== undefined).evalLoss
    const figures = { first: losses[0], last: mean(losses.slice(-lastSteps)), heldOut, seconds: (performance.now() - started) / 1000 }
    say(JSON.stringify({ precision, seed, steps, ...figures }))
    return figures
  } finally {
    rmSync(out, { recursive: true })
  }
}

const digits = (/** @type {number} */ value) => value.toFixed(5)

/** The rows of a workload's table, and its gaps. @param {Workload} workload @param {number} seeds @param {number} steps */
async function measured(workload, seeds, steps) {
  /** @type {{ seed: number, exact: Ran, fast: Ran }[]} */
  const pairs = []
  for (let seed = 0; seed < seeds; seed++) {
    say(`${workload.name}, seed ${seed}: exact…`)
    const exact = await ran(workload, 'exact', seed, steps)
    say(`${workload.name}, seed ${seed}: fast…`)
    pairs.push({ seed, exact, fast: await ran(workload, 'fast', seed, steps) })
  }
  const lines = pairs.flatMap(({ seed, exact, fast }) =>
    Object.entries({ exact, fast }).map(
      ([precision, { first, last, heldOut, seconds }]) =>
        `| ${seed} | ${precision} | ${digits(first)} | ${digits(last)} | ${digits(heldOut)} | ${seconds.toFixed(0)} |`,
    ),
  )
  const gaps = /** @type {const} */ (['last', 'heldOut']).map((figure) => {
    const between = pairs.flatMap(({ exact: a }, i) => pairs.slice(i + 1).map(({ exact: b }) => Math.abs(a[figure] - b[figure])))
    const products = pairs.map(({ exact, fast }) => Math.abs(fast[figure] - exact[figure]))
    const seedsText = between.length
      ? `; between two seeds ${digits(Math.min(...between))} at least and ${digits(mean(between))} on average`
      : ''
    return `- ${figure === 'last' ? `loss of the last ${lastSteps} steps` : 'held-out loss'}: fast and exact are ${digits(Math.max(...products))} apart at most${seedsText}`
  })
  const head = ['| seed | products | first loss | loss at the end | held-out loss | s |', '|---|---|---:|---:|---:|---:|']
  return [`**${workload.name}, ${steps} steps**`, [...head, ...lines].join('\n'), gaps.join('\n')].join('\n\n')
}

const { values } = parseArgs({ options: { only: { type: 'string', default: '' }, steps: { type: 'string' }, seeds: { type: 'string' } } })
const { adapter } = await findDriver()
process.stdout.write(`${adapter}\n`)
for (const workload of workloads.filter(({ name }) => name.toLowerCase().includes(values.only.toLowerCase())))
  process.stdout.write(`\n${await measured(workload, Number(values.seeds ?? workload.seeds), Number(values.steps ?? workload.steps))}\n`)
