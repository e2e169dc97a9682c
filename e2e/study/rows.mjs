// The rows of the study: what is measured, and with which commands. A row's id names it in docs/study/results.jsonl.

/** The two learning rates of every method. */
const rates = ['1e-3', '1e-2']
const seeds = [0, 1, 2]
const methods = ['lora', 'full', 'qlora']
const steps = 400
const batch = 4

/** @typedef {'viggo' | 'wikisql' | 'gsm8k'} DatasetName */
/**
 * @typedef {object} TrainRow
 * @property {'train'} kind
 * @property {string} id
 * @property {'grid' | 'rank' | 'batch'} group
 * @property {DatasetName} data
 * @property {string} method
 * @property {boolean} task with the task description
 * @property {string} rate
 * @property {number} seed
 * @property {string[]} options further options of the training
 * @property {boolean} scored answers are judged at the end
 */
/** @typedef {{ kind: 'base', id: string, group: 'grid', data: DatasetName, task: boolean }} BaseRow */
/** @typedef {{ kind: 'plan', id: string, group: 'plan', config: string, options: string[] }} PlanRow */
/** @typedef {{ kind: 'serve', id: string, group: 'serve', adapters: number }} ServeRow */
/** @typedef {TrainRow | BaseRow | PlanRow | ServeRow} StudyRow */

const trained = ['--steps', String(steps), '--batch', String(batch)]

/** @param {DatasetName} data @returns {StudyRow[]} */
function grid(data) {
  /** @type {StudyRow[]} */
  const bases = [true, false].map((task) => ({ kind: 'base', id: `${data} base ${task ? 'task' : 'bare'}`, group: 'grid', data, task }))
  // One seed of everything comes before the next seed, so that a study that was stopped early has whole tables.
  const runs = seeds.flatMap((seed) =>
    [true, false].flatMap((task) =>
      rates.flatMap((rate) =>
        methods.map((method) => ({
          kind: /** @type {const} */ ('train'),
          id: `${data} ${method} ${rate} ${task ? 'task' : 'bare'} seed ${seed}`,
          group: /** @type {const} */ ('grid'),
          data,
          method,
          task,
          rate,
          seed,
          options: trained,
          scored: true,
        })),
      ),
    ),
  )
  return [...bases, ...runs]
}

/** @returns {StudyRow[]} */
function ranks() {
  return [2, 8, 32].flatMap((rank) =>
    ['all-linear', 'q_proj, v_proj'].map((targets) => ({
      kind: /** @type {const} */ ('train'),
      id: `viggo lora rank ${rank} ${targets === 'all-linear' ? targets : 'q and v'}`,
      group: /** @type {const} */ ('rank'),
      data: /** @type {const} */ ('viggo'),
      method: 'lora',
      task: true,
      rate: '1e-2',
      seed: 0,
      // As in the grid, alpha is twice the rank.
      options: [...trained, '--set', `r=${rank}`, '--set', `alpha=${2 * rank}`, '--targets', targets],
      scored: true,
    })),
  )
}

/** @returns {StudyRow[]} */
function batches() {
  return [1, 2, 4, 8, 16, 32].flatMap((size) =>
    methods.map((method) => ({
      kind: /** @type {const} */ ('train'),
      id: `batch ${size} ${method}`,
      group: /** @type {const} */ ('batch'),
      data: /** @type {const} */ ('viggo'),
      method,
      task: false,
      rate: '1e-3',
      seed: 0,
      options: ['--steps', '8', '--batch', String(size)],
      scored: false,
    })),
  )
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

/** In the order in which they run: short ones first, then one dataset after the other. @type {readonly StudyRow[]} */
export const rows = [...plans(), ...serving(), ...grid('viggo'), ...batches(), ...ranks(), ...grid('wikisql'), ...grid('gsm8k')]
