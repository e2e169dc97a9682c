// The tables and charts of docs/study.md.
import { rows } from './rows.mjs'

/** @typedef {import('../study.mjs').Result} Result */
/** @typedef {ReadonlyMap<string, Result>} Results */
/** @typedef {import('./rows.mjs').DatasetName} DatasetName */
/** @typedef {import('./rows.mjs').TrainRow} TrainRow */

/** The score that a dataset is judged by, and its name. @type {Record<DatasetName, [key: string, label: string]>} */
const main = {
  viggo: ['functionalF1', 'Field F1'],
  wikisql: ['sqlF1', 'Query part F1'],
  gsm8k: ['finalNumber', 'Final number'],
}
const none = '–'
const nothing = 'No row of this table is done yet.\n\n'

/** @param {readonly string[]} head @param {readonly (readonly string[])[]} body */
function table(head, body) {
  if (!body.length) return nothing
  const line = (/** @type {readonly string[]} */ cells) => `| ${cells.join(' | ')} |\n`
  return `${line(head)}${line(head.map((_, i) => (i ? '---:' : '---')))}${body.map(line).join('')}\n`
}

/** @param {number} value @param {number} [digits] */
const share = (value, digits = 1) => `${(value * 100).toFixed(digits)} %`
/** @param {number} bytes */
const mib = (bytes) => `${(bytes / 2 ** 20).toPrecision(3)} MiB`
/** @param {number} bytes */
const gib = (bytes) => `${bytes < 1000 * 2 ** 30 ? (bytes / 2 ** 30).toPrecision(3) : (bytes / 2 ** 30).toFixed(0)} GiB`

/** @param {readonly number[]} values */
const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length
/** Of a sample. @param {readonly number[]} values */
const deviation = (values) => Math.sqrt(values.reduce((sum, v) => sum + (v - mean(values)) ** 2, 0) / Math.max(1, values.length - 1))

/** Mean ± deviation of the seeds. @param {readonly number[]} values @param {(value: number) => string} text */
const spread = (values, text) =>
  values.length > 1 ? `${text(mean(values))} ± ${text(deviation(values))}` : values[0] === undefined ? none : text(values[0])

/** The runs of a dataset that are done, by cell: method, rate, task. @param {DatasetName} data @param {Results} results */
function cells(data, results) {
  const trained = rows.flatMap((row) => (row.kind === 'train' && row.group === data ? [row] : []))
  const keys = [...new Set(trained.map(({ method, rate, task }) => JSON.stringify([method, rate, task])))]
  return keys.flatMap((key) => {
    const [method, rate, task] = /** @type {[string, string, boolean]} */ (JSON.parse(key))
    const found = trained
      .filter((row) => row.method === method && row.rate === rate && row.task === task)
      .flatMap(({ id }) => results.get(id)?.result ?? [])
    return found.length ? [{ method, rate, task, found }] : []
  })
}

/** @param {boolean} task */
const withTask = (task) => (task ? 'with' : 'without')

/** Scores by method, rate and task description. @param {DatasetName} data @param {Results} results */
export function gridTable(data, results) {
  const [key, label] = main[data]
  const bases = [true, false].flatMap((task) => {
    const found = results.get(`${data} base ${task ? 'task' : 'bare'}`)?.result
    return found
      ? [
          [
            'base',
            none,
            withTask(task),
            '',
            share(found.scores[key]),
            share(found.scores.exactMatch),
            found.perplexity.toFixed(found.perplexity < 100 ? 2 : 0),
            none,
            none,
          ],
        ]
      : []
  })
  const body = cells(data, results).map(({ method, rate, task, found }) => [
    method,
    rate,
    withTask(task),
    String(found.length),
    spread(
      found.map(({ scores }) => scores[key]),
      share,
    ),
    spread(
      found.map(({ scores }) => scores.exactMatch),
      share,
    ),
    spread(
      found.map(({ perplexity }) => perplexity),
      (value) => value.toFixed(3),
    ),
    mib(found[0]?.peakGpuBytes),
    mib(found[0]?.adapterBytes),
  ])
  return table(['Method', 'Rate', 'Task', 'Seeds', label, 'Exact', 'Perplexity', 'Peak memory', 'File'], [...bases, ...body])
}

/** The figure of those runs that have it. A run without spikes has no height of them. @param {readonly Record<string, any>[]} found @param {string} key @returns {number[]} */
const numbers = (found, key) => found.flatMap((result) => (Number.isFinite(result[key]) ? [result[key]] : []))

/** How calm the training was. @param {DatasetName} data @param {Results} results */
export function stabilityTable(data, results) {
  const body = cells(data, results).map(({ method, rate, task, found }) => [
    method,
    rate,
    withTask(task),
    spread(numbers(found, 'spikes'), (value) => value.toFixed(1)),
    spread(numbers(found, 'spikeHeight'), (value) => value.toFixed(2)),
    spread(numbers(found, 'endOverLowest'), (value) => value.toFixed(3)),
  ])
  return table(['Method', 'Rate', 'Task', 'Spikes', 'Highest spike', 'End minus lowest'], body)
}

/** @param {string} title @param {string} axis @param {readonly string[]} names @param {readonly number[]} values */
function chart(title, axis, names, values) {
  if (!values.length) return ''
  const top = Math.max(...values, 0)
  return `\`\`\`mermaid\nxychart-beta\n  title "${title}"\n  x-axis [${names.map((name) => `"${name}"`).join(', ')}]\n  y-axis "${axis}" 0 --> ${Number((top * 1.1 || 1).toPrecision(2))}\n  bar [${values.map((value) => Number(value.toPrecision(3))).join(', ')}]\n\`\`\`\n\n`
}

/** Bars base → LoRA → QLoRA → full, each at its better rate and with the task description. @param {DatasetName} data @param {Results} results */
export function bars(data, results) {
  const [key, label] = main[data]
  const base = results.get(`${data} base task`)?.result
  const found = cells(data, results).filter(({ task }) => task)
  const best = ['lora', 'qlora', 'full'].flatMap((method) => {
    const means = found.filter((cell) => cell.method === method).map((cell) => mean(cell.found.map(({ scores }) => scores[key])))
    return means.length ? [{ method, value: 100 * Math.max(...means) }] : []
  })
  if (!best.length) return ''
  const all = [...(base ? [{ method: 'base', value: 100 * base.scores[key] }] : []), ...best]
  return chart(
    `${label} in %, each method at its better rate`,
    label,
    all.map(({ method }) => method),
    all.map(({ value }) => value),
  )
}

/** @param {'rank' | 'rate'} group @param {Results} results @returns {{ row: TrainRow, result: Record<string, any> }[]} */
const group = (group, results) =>
  rows.flatMap((row) => {
    const found = results.get(row.id)
    return row.kind === 'train' && row.group === group && found ? [{ row, result: found.result }] : []
  })

/** @param {Results} results */
export function rankTable(results) {
  const grid = results.get('viggo lora 1e-2 task seed 0')?.result
  const found = [
    ...group('rank', results).map(({ row, result }) => ({ name: row.id.replace('rank ', ''), result })),
    ...(grid ? [{ name: '8 all linear', result: grid }] : []),
  ].toSorted((a, b) => Number.parseInt(a.name) - Number.parseInt(b.name) || a.name.localeCompare(b.name))
  return table(
    ['Rank', 'Targets', 'Trainable', 'Field F1', 'Perplexity', 'Peak memory', 'File'],
    found.map(({ name, result }) => [
      name.split(' ')[0] ?? '',
      name.slice(name.indexOf(' ') + 1),
      result.trainableParameters.toLocaleString('en'),
      share(result.scores.functionalF1),
      result.perplexity.toFixed(3),
      mib(result.peakGpuBytes),
      mib(result.adapterBytes),
    ]),
  )
}

/** How training went at rising rates, with seed 0 and the task description. @param {Results} results */
export function rateTable(results) {
  const found = rows.flatMap((row) => {
    const isOne =
      row.kind === 'train' && row.data === 'viggo' && row.task && row.seed === 0 && (row.group === 'viggo' || row.group === 'rate')
    const result = isOne ? results.get(row.id)?.result : undefined
    return isOne && result ? [{ row, result }] : []
  })
  const order = ['lora', 'qlora', 'full']
  const sorted = found.toSorted(
    (a, b) => order.indexOf(a.row.method) - order.indexOf(b.row.method) || Number(a.row.rate) - Number(b.row.rate),
  )
  return table(
    ['Method', 'Rate', 'Spikes', 'Highest spike', 'Last loss', 'End minus lowest'],
    sorted.map(({ row, result }) => [
      row.method,
      row.rate,
      String(result.spikes),
      Number.isFinite(result.spikeHeight) ? result.spikeHeight.toFixed(2) : none,
      result.finalLoss.toFixed(3),
      result.endOverLowest.toFixed(3),
    ]),
  )
}

/** @typedef {{ ms: number[], tokensPerSecond: number[], peakGpuBytes: number, memory: { purpose: string, bytes: number }[] }} Speed */
/** What was measured at a batch size, by method. @param {Results} results @returns {{ size: number, speeds: Record<string, Speed> }[]} */
const speedsOf = (results) =>
  rows.flatMap((row) => {
    const found = row.kind === 'speed' ? results.get(row.id) : undefined
    return row.kind === 'speed' && found ? [{ size: row.batch, speeds: found.result.methods }] : []
  })

/** Of the fastest rounds: what ran beside a round can only slow it. @param {readonly number[] | undefined} above @param {readonly number[] | undefined} below */
const ratio = (above, below) => (above && below ? (Math.min(...above) / Math.min(...below)).toFixed(2) : none)

/** @param {Results} results */
export function batchTable(results) {
  const found = speedsOf(results)
  const body = found.flatMap(({ size, speeds }) =>
    Object.entries(speeds).map(([method, speed]) => [
      String(size),
      method,
      Math.max(...speed.tokensPerSecond).toFixed(0),
      Math.min(...speed.ms).toFixed(0),
      Math.max(...speed.ms).toFixed(0),
      ratio(speed.ms, speeds.lora?.ms),
      mib(speed.peakGpuBytes),
    ]),
  )
  return (
    table(['Batch', 'Method', 'Tokens/s', 'ms per step', 'Slowest round', 'Time against LoRA', 'Peak memory'], body) +
    chart(
      'LoRA: tokens per second by batch size',
      'tokens/s',
      found.map(({ size }) => String(size)),
      found.map(({ speeds }) => Math.max(...(speeds.lora?.tokensPerSecond ?? [0]))),
    )
  )
}

/** @param {Results} results */
export function planTable(results) {
  const body = rows.flatMap((row) => {
    const plans = row.kind === 'plan' && !row.id.includes(' in ') ? (results.get(row.id)?.result.plans ?? []) : []
    return plans.map((/** @type {Record<string, any>} */ plan) => [
      row.id.replace('plan ', ''),
      plan.method,
      plan.trainableParameters.toLocaleString('en'),
      gib(plan.baseBytes),
      ...['gradients', 'optimizer', 'activations'].map((purpose) =>
        gib(plan.parts.find((/** @type {{ purpose: string }} */ part) => part.purpose === purpose)?.bytes ?? 0),
      ),
      gib(plan.totalBytes),
      plan.fileBytes < 2 ** 30 ? mib(plan.fileBytes) : gib(plan.fileBytes),
      plan.snapshotBytes < 2 ** 30 ? mib(plan.snapshotBytes) : gib(plan.snapshotBytes),
      plan.whole ? `${plan.beside} models` : `${plan.beside} adapters`,
    ])
  })
  return table(
    ['Model', 'Method', 'Trainable', 'Base', 'Gradients', 'Optimizer', 'Activations', 'All', 'File (BF16)', 'Snapshot', 'In 280 GB'],
    body,
  )
}

/** @param {Results} results */
export function qloraTable(results) {
  const { lora: plainSpeed, qlora: packedSpeed } = speedsOf(results).find(({ size }) => size === 4)?.speeds ?? {}
  const less = (/** @type {number | undefined} */ a, /** @type {number | undefined} */ b) =>
    a === undefined || b === undefined ? none : share(1 - b / a, 0)
  /** @param {Speed | undefined} speed */
  const weights = (speed) => speed?.memory.find((part) => part.purpose === 'weights')?.bytes
  const planned = (/** @type {string} */ id, /** @type {string} */ method) =>
    results.get(id)?.result.plans.find((/** @type {{ method: string }} */ plan) => plan.method === method)
  const [plain, double] = ['nf4', 'nf4-dq'].map((base) => planned(`plan Llama 2 7B in ${base}`, 'lora'))
  const [lora, qlora] = ['lora', 'qlora'].map((method) => planned('plan Llama 2 7B', method))
  // Only linear layers are quantised: all weights but the two tables and the norms.
  const quantised = plain && plain.totalParameters - 2 * 32_000 * 4096 - 65 * 4096
  const [slow, slower] = [plainSpeed, packedSpeed].map((speed) => speed && Math.min(...speed.ms))
  return table(
    ['Figure', 'QLoRA and its users', 'Here'],
    [
      ['Less memory than LoRA, the small model, batch 4, all of a run', '33 %', less(plainSpeed?.peakGpuBytes, packedSpeed?.peakGpuBytes)],
      ['… its weights only', none, less(weights(plainSpeed), weights(packedSpeed))],
      ['… Llama 2 7B as planned, batch 8 × 512 tokens', '33 %', less(lora?.totalBytes, qlora?.totalBytes)],
      ['… its weights only', none, less(lora?.baseBytes, qlora?.baseBytes)],
      ['More time per step than LoRA, batch 4', '39 %', slow && slower ? share(slower / slow - 1, 0) : none],
      [
        'Bits per weight that double quantisation saves',
        '0.37',
        plain && double && quantised ? (((plain.baseBytes - double.baseBytes) * 8) / quantised).toFixed(3) : none,
      ],
    ],
  )
}

/** @param {Results} results */
export function serveTable(results) {
  const body = rows.flatMap((row) => {
    const found = row.kind === 'serve' ? results.get(row.id)?.result : undefined
    return found
      ? [
          [
            String(found.adapters),
            String(found.answered),
            found.ms.toFixed(0),
            found.tokensPerSecond.toFixed(0),
            mib(found.baseBytes),
            mib(found.bytesMore),
          ],
        ]
      : []
  })
  return table(['Adapters', 'Tokens', 'ms', 'Tokens/s of all', 'Base', 'Adapters, caches and programs'], body)
}
