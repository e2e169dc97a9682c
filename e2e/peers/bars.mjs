// `npm run bench:bars`: the rows of the table of bars that need a GPU, in under ten minutes: whole steps with exact and with fast products in
// turns, LoRA against the frozen base, a step against its FLOPs, and PEFT in bf16 on the same card where PyTorch has CUDA. A software adapter
// takes small shapes instead, so that the script can be tried anywhere, and SmolLM2-135M's shape, beside PEFT on the same cores.
import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from '../../src/cli/node/cache.mjs'

/** @typedef {{ workload: string, batch: number, length: number, tokensPerSecond: number, ms: number, cpuMs?: number, gflop: number, peakBytes: number }} Step */
/** @typedef {{ measure: string, value: number, unit: string, bar: number, atMost: boolean }} Ratio */
/** @typedef {{ shape: string, exact: boolean, fast: boolean }} Matrices */
/** @typedef {{ adapter: string, machine: string, ceilings: Record<string, number>, matrices?: Matrices[], steps: Step[], ratios: Ratio[] }} Report */

const large = 'qwen2.5-0.5b LoRA NF4'
const small = 's260k LoRA NF4'
const firstReal = 'smollm2-135m LoRA NF4'

/** @param {string} text */
const say = (text) => process.stderr.write(`${text}\n`)

/** @param {string[]} args @returns {string} */
const tabtune = (args) =>
  execFileSync(process.execPath, ['src/cli/launch.mjs', ...args], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    // Fast products by the graphics card's matrix units, where Dawn offers them and tuning finds them faster.
    env: { TABTUNE_MATRIX_UNITS: '1', ...process.env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })

const { values } = parseArgs({ options: { steps: { type: 'string', default: '5' } } })

/** The measurements of one batch. @param {string} workload @param {number} batch @param {number} length @returns {Report} */
function bench(workload, batch, length, steps = values.steps) {
  say(`${workload}, ${batch} x ${length}…`)
  return JSON.parse(tabtune(['bench', '--only', `${workload} ${batch} x ${length}`, '--steps', steps, '--json']))
}

/**
 * PEFT's steps, or the reason why there are none. @param {'cuda' | 'cpu'} device @param {string[]} what
 * @returns {{ rows: Step[], why: string }}
 */
function peft(device, what) {
  const python = process.env.TABTUNE_PYTHON ?? 'python3'
  const cuda = spawnSync(python, ['-c', 'import torch, peft, transformers; print(torch.cuda.is_available())'], { encoding: 'utf8' })
  if (cuda.status !== 0) return { rows: [], why: `${python} has no torch, transformers and peft (TABTUNE_PYTHON names another)` }
  if (device === 'cuda' && cuda.stdout.trim() !== 'True') return { rows: [], why: `the torch of ${python} finds no CUDA` }
  say(`PEFT on ${device}…`)
  const args = [join(root, 'e2e/peers/torch_peft.py'), '--device', device, ...what, '--kept', '--json']
  const { status, stdout } = spawnSync(python, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
  return status === 0 ? { rows: JSON.parse(stdout).rows, why: '' } : { rows: [], why: 'torch_peft.py failed, see above' }
}

const times = (/** @type {number} */ value) => `${value.toFixed(2)} ×`

/** The table's rows for one batch. @param {Report} report @param {Step | undefined} theirs @param {{ exact: number, fast: number } | undefined} bars against PEFT */
function rowsOf({ ceilings, steps, ratios }, theirs, bars) {
  const [exact, fast] = steps
  const where = `${exact.batch} × ${exact.length}`
  const ms = (/** @type {Step | undefined} */ step) =>
    step ? `${step.ms.toFixed(1)} ms, ${step.tokensPerSecond.toFixed(0)} tokens/s` : 'not measured'
  const against = (/** @type {Step | undefined} */ step) => (step && theirs ? times(theirs.ms / step.ms) : 'not measured')
  const ratio = (/** @type {string} */ part) => ratios.find(({ measure }) => measure.includes(part))
  const found = (/** @type {string} */ part) => (ratio(part) ? times(Number(ratio(part)?.value)) : 'not measured')
  return [
    [`${exact.workload}, ${where}, exact`, ms(exact), ''],
    [`${exact.workload}, ${where}, fast`, ms(fast), ''],
    ...(bars
      ? [
          [`PEFT bf16, ${where}`, ms(theirs), ''],
          [`exact against PEFT bf16, ${where}`, against(exact), `≥ ${bars.exact} ×`],
          [`fast against PEFT bf16, ${where}`, against(fast), `≥ ${bars.fast} ×`],
        ]
      : []),
    [`fast against exact, ${where}`, found('fast products against exact'), '≥ 1.4 ×'],
    [`step against its FLOPs at the best dense rate, ${where}`, found('step against its FLOPs'), '≤ 1.35 ×'],
    [
      `fast step against its FLOPs at that rate, ${where}`,
      fast ? times(((fast.ms / fast.gflop) * ceilings.matmulGflops) / 1000) : 'not measured',
      '',
    ],
    [`LoRA r = 8 against the frozen base, ${where}`, found('step against frozen'), '≤ 1.12 ×'],
  ]
}

/** The first real model on a software adapter, and PEFT with as many cores: a row and why it may be absent. @returns {{ rows: string[][], why: string }} */
function onProcessor() {
  /** @type {Step | undefined} */
  let ours
  try {
    ours = bench(firstReal, 8, 128, '1').steps[0]
  } catch {
    // SwiftShader refuses its memory, for example. The command has said why.
    say(`${firstReal}, 8 x 128, is left out.`)
  }
  const { rows, why } = peft('cpu', ['--only', 'smollm2-135m', '--batches', '8', '--length', '128', '--forms', 'f32', '--steps', '2'])
  const [theirs] = rows
  const cell = (/** @type {Step | undefined} */ step) =>
    step
      ? `${(step.ms / 1000).toFixed(2)} s, ${step.tokensPerSecond.toFixed(1)} tokens/s, ${((step.cpuMs ?? 0) / 1000).toFixed(2)} s of the processor`
      : 'not measured'
  return {
    why,
    rows: [
      [`${firstReal}, 8 × 128`, cell(ours), ''],
      ['PEFT f32 on the processor, 8 × 128', cell(theirs), ''],
      [
        'speed against PEFT, 8 × 128',
        theirs && ours ? times(theirs.ms / ours.ms) : 'not measured',
        '≥ 0.15 × (SwiftShader), ≥ 0.4 × (lavapipe)',
      ],
    ],
  }
}

const started = performance.now()
const isSoftware = JSON.parse(tabtune(['devices'])).software
const [workload, sizes] = isSoftware
  ? [small, [[4, 256]]]
  : [
      large,
      [
        [4, 512],
        [1, 512],
      ],
    ]
const reports = sizes.map(([batch, length]) => bench(workload, batch, length))
const { rows: theirs, why } = isSoftware
  ? { rows: [], why: '' }
  : peft('cuda', ['--only', 'qwen2.5-0.5b', '--batches', sizes.map(([batch]) => batch).join(','), '--forms', 'bf16'])
const real = isSoftware ? onProcessor() : { rows: [], why: '' }
const table = reports.flatMap((report) => {
  const batch = report.steps[0].batch
  const bars = isSoftware ? undefined : { exact: 0.8, fast: batch === 1 ? 2.5 : 1 }
  return rowsOf(
    report,
    theirs.find((step) => step.batch === batch),
    bars,
  )
})
const [{ adapter, machine, ceilings, matrices = [] }] = reports
const usedFor = (/** @type {Matrices} */ { shape, exact, fast }) =>
  `${shape} (${[...(exact ? ['exact'] : []), ...(fast ? ['fast'] : [])].join(', ') || 'not used'})`
const lines = [
  `${adapter}; ${machine}`,
  '',
  `Multiply-adds in registers ${ceilings.multiplyAddGflops.toFixed(0)} GFLOP/s, best dense product ${ceilings.matmulGflops.toFixed(0)} GFLOP/s.`,
  `Subgroup matrices: ${matrices.map(usedFor).join('; ') || 'none'}.`,
  ...(why || real.why ? [`PEFT was not measured: ${why || real.why}.`] : []),
  '',
  '| measure | here | bar |',
  '|---|---:|---:|',
  ...[...table, ...real.rows].map((cells) => `| ${cells.join(' | ')} |`),
]
process.stdout.write(`${lines.join('\n')}\n`)
say(`${((performance.now() - started) / 60_000).toFixed(1)} minutes`)
