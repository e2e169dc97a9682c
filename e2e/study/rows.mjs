// The rows of the study: what is measured, and with which settings. A row's id names it in docs/study/results.jsonl.

const methods = /** @type {const} */ (['lora', 'full', 'qlora'])
/** The two learning rates of every method. Full fine-tuning has a range of its own. */
const rates = { lora: ['3e-3', '1e-2'], qlora: ['3e-3', '1e-2'], full: ['1e-3', '3e-3'] }
/** Rates above those, to see where training becomes unstable. */
const highRates = { lora: ['3e-2', '1e-1'], qlora: ['3e-2', '1e-1'], full: ['1e-2', '3e-2'] }
/** Longer rows take more time, so they have fewer steps. @type {Record<DatasetName, number>} */
const steps = { viggo: 100, wikisql: 80, gsm8k: 60 }
const batch = 8

/** @typedef {'viggo' | 'wikisql' | 'gsm8k'} DatasetName */
/** @typedef {(typeof methods)[number]} MethodName */
/**
 * @typedef {object} TrainRow
 * @property {'train'} kind
 * @property {string} id
 * @property {DatasetName | 'rank' | 'rate'} group
 * @property {DatasetName} data
 * @property {string} method
 * @property {boolean} task with the task description
 * @property {string} rate
 * @property {number} seed
 * @property {string[]} options further options of the training
 * @property {boolean} scored answers are judged at the end
 */
/** @typedef {{ kind: 'first', id: string, group: 'first' }} FirstRow the base model is trained */
/** @typedef {{ kind: 'base', id: string, group: DatasetName, data: DatasetName, task: boolean }} BaseRow */
/** @typedef {{ kind: 'plan', id: string, group: 'plan', config: string, options: string[] }} PlanRow */
/** @typedef {{ kind: 'serve', id: string, group: 'serve', adapters: number }} ServeRow */
/** @typedef {{ kind: 'speed', id: string, group: 'batch', batch: number, methods: readonly string[] }} SpeedRow */
/** @typedef {TrainRow | FirstRow | BaseRow | PlanRow | ServeRow | SpeedRow} StudyRow */

/** @type {Record<DatasetName, string>} The longest rows, in tokens, with the task description. */
const lengths = { viggo: '144', wikisql: '208', gsm8k: '224' }

/** @param {Pick<TrainRow, 'group' | 'data' | 'method' | 'task' | 'rate' | 'seed'> & { id?: string, steps?: number, more?: string[], scored?: boolean }} row @returns {TrainRow} */
function train({ more = [], scored = true, id, steps: own, ...row }) {
  const { group, data, method, rate, task, seed } = row
  return {
    kind: 'train',
    id: id ?? `${group} ${method} ${rate} ${task ? 'task' : 'bare'} seed ${seed}`,
    ...row,
    options: ['--steps', String(own ?? steps[data]), '--batch', String(batch), '--length', lengths[data], ...more],
    scored,
  }
}

/** @param {DatasetName} data @returns {StudyRow[]} */
function bases(data) {
  return [true, false].map((task) => ({ kind: 'base', id: `${data} base ${task ? 'task' : 'bare'}`, group: data, data, task }))
}

/** All methods at their rates. @param {DatasetName} data @param {number} seed @param {boolean} task @param {readonly number[]} which rates @returns {StudyRow[]} */
function grid(data, seed, task, which = [0, 1]) {
  return which.flatMap((at) => methods.map((method) => train({ group: data, data, method, task, rate: rates[method][at] ?? '', seed })))
}

/** Beside rank 8 on all linear layers, which is a row of the grid. @returns {StudyRow[]} */
function ranks() {
  return /** @type {const} */ ([
    [2, 'all linear', 'all-linear'],
    [32, 'all linear', 'all-linear'],
    [8, 'q and v', 'q_proj, v_proj'],
  ]).map(([rank, name, targets]) =>
    train({
      id: `rank ${rank} ${name}`,
      group: 'rank',
      data: 'viggo',
      method: 'lora',
      task: true,
      rate: '1e-2',
      seed: 0,
      // As in the grid, alpha is twice the rank.
      more: ['--set', `r=${rank}`, '--set', `alpha=${2 * rank}`, '--targets', targets],
    }),
  )
}

/** @returns {StudyRow[]} */
function stability() {
  return [0, 1].flatMap((at) =>
    methods.map((method) =>
      train({ group: 'rate', data: 'viggo', method, task: true, rate: highRates[method][at] ?? '', seed: 0, scored: false }),
    ),
  )
}

/** @returns {StudyRow[]} */
function speeds() {
  return [1, 4, 8].map((size) => ({ kind: 'speed', id: `batch ${size}`, group: 'batch', batch: size, methods }))
}

const llama = ['--methods', 'full,lora,qlora', '--batch', '8', '--length', '512', '--dtype', 'bf16', '--beside', '280GB']

/** @returns {StudyRow[]} */
function plans() {
  return [
    ...['7b', '13b', '70b'].map((size) => ({
      kind: /** @type {const} */ ('plan'),
      id: `plan Llama 2 ${size.toUpperCase()}`,
      group: /** @type {const} */ ('plan'),
      config: `e2e/study/llama-2-${size}.json`,
      options: llama,
    })),
    ...['nf4', 'nf4-dq'].map((base) => ({
      kind: /** @type {const} */ ('plan'),
      id: `plan Llama 2 7B in ${base}`,
      group: /** @type {const} */ ('plan'),
      config: 'e2e/study/llama-2-7b.json',
      options: ['--methods', 'lora', '--base', base, '--batch', '1', '--length', '512'],
    })),
  ]
}

/** @returns {StudyRow[]} */
function serving() {
  return [1, 10].map((adapters) => ({ kind: 'serve', id: `serve ${adapters}`, group: 'serve', adapters }))
}

/** Whether a row measures time, so that nothing else may run beside it. @param {StudyRow} row */
export const alone = ({ kind }) => kind === 'speed' || kind === 'serve'

/**
 * In the order in which they run: what the tables need most comes first, so that a study that was stopped early has whole tables. Three seeds
 * of everything would take hours, so only ViGGO with the task description has them.
 * @type {readonly StudyRow[]}
 */
export const rows = [
  ...plans(),
  { kind: 'first', id: 'first stage', group: 'first' },
  ...bases('viggo'),
  ...grid('viggo', 0, true),
  ...bases('wikisql'),
  ...grid('wikisql', 0, true),
  ...grid('viggo', 0, false),
  ...bases('gsm8k').slice(0, 1),
  ...grid('gsm8k', 0, true, [1]),
  ...[1, 2].flatMap((seed) => grid('viggo', seed, true)),
  ...stability(),
  ...ranks(),
  ...serving(),
  ...speeds(),
]
