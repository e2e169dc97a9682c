// Measures one workload in all engines: warm-up, then rounds in which our engine and a peer take turns.
import { Engine, TimedOut } from './engine.mjs'

/**
 * `ratio` = peerMs / ourMs, medians over the rounds; `spread` = (largest − smallest) / median of the ratios of single rounds.
 * A peer that could not run has a `reason` and no times; `wrong` means that it did different work from ours.
 * @typedef {{ workload: string, peer: string, version?: string, peerMs: number | null, ourMs: number | null, ratio: number | null, spread: number | null,
 *   peerCpuMs?: number, ourCpuMs?: number, cpuRatio?: number, ourOptimizerMs?: number, peerLoss?: number, ourLoss?: number, peerGradNorm?: number, ourGradNorm?: number, rounds?: number,
 *   peerFirstMs?: number, ourFirstMs?: number, reason?: string, wrong?: boolean, timedOut?: boolean }} Row
 * @typedef {{ workload: string, peers: string[], rounds: number, limitMs: number, command: (engine: string) => string[],
 *   env: Record<string, string>, adapter: string, say: (text: string) => void, tooSlow: Map<string, string> }} Plan
 * @typedef {import('./engine.mjs').Measured} Measured
 */

/** The first step may take this many times the limit, since it also compiles. */
const firstLimit = 2
const slowMs = 60_000
const sameLoss = 5e-6
const sameNorm = 1e-5

/** @param {number | undefined} a @param {number | undefined} b @param {number} share */
function near(a, b, share) {
  return a !== undefined && b !== undefined && Math.abs(a - b) < share * Math.abs(b)
}

/** @param {number[]} values */
function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle) - 1]) / 2
}

/** @param {Plan} plan @param {string} name @returns {Promise<{ engine: Engine, first: Measured }>} */
async function warm(plan, name) {
  const engine = new Engine(name, plan.command(name), plan.env)
  const about = await engine.ready(plan.limitMs)
  if (about.adapter !== plan.adapter) throw new Error(`expected the adapter ${plan.adapter}, got ${about.adapter}`)
  const first = await engine.step(plan.limitMs * firstLimit, 'norm')
  return { engine, first }
}

/** @param {Pick<Row, 'workload' | 'peer'>} of @param {unknown} error @param {boolean} [wrong] @returns {Row} */
function failed(of, error, wrong = false) {
  const reason = error instanceof Error ? error.message : String(error)
  const timedOut = error instanceof TimedOut
  return { ...of, peerMs: null, ourMs: null, ratio: null, spread: null, reason, ...(wrong && { wrong }), ...(timedOut && { timedOut }) }
}

/** @param {Plan} plan @param {Engine} ours @param {Measured} ourFirst @param {string} peer @returns {Promise<Row>} */
async function against(plan, ours, ourFirst, peer) {
  const of = { workload: plan.workload, peer }
  const reason = plan.tooSlow.get(peer)
  if (reason) return failed(of, reason)
  plan.say(`${plan.workload}: ${peer} starts and compiles…`)
  let started
  try {
    started = await warm(plan, peer)
  } catch (error) {
    return failed(of, error)
  }
  const { engine, first } = started
  try {
    if (!near(first.loss, ourFirst.loss, sameLoss))
      return failed(of, `expected the same loss to five digits, got ${first.loss} in ${peer} and ${ourFirst.loss} in ours`, true)
    if (!near(first.gradNorm, ourFirst.gradNorm, sameNorm))
      return failed(of, `expected the same norm of the gradient, got ${first.gradNorm} in ${peer} and ${ourFirst.gradNorm} in ours`, true)
    /** @type {{ ours: Measured, theirs: Measured, optimizer: Measured }[]} */
    const rounds = []
    let wanted = plan.rounds
    while (rounds.length < wanted) {
      const our = await ours.step(plan.limitMs)
      const theirs = await engine.step(plan.limitMs)
      rounds.push({ ours: our, theirs, optimizer: await ours.step(plan.limitMs, 'optimizer') })
      if (theirs.ms > slowMs) wanted = 1
      else if (theirs.ms > slowMs / 4) wanted = Math.min(wanted, 3)
      plan.say(`${plan.workload}: round ${rounds.length} of ${wanted}, ${peer} ${Math.round(theirs.ms)} ms, ours ${Math.round(our.ms)} ms`)
    }
    const [peerMs, ourMs] = [median(rounds.map((r) => r.theirs.ms)), median(rounds.map((r) => r.ours.ms))]
    const [peerCpuMs, ourCpuMs] = [median(rounds.map((r) => r.theirs.cpuMs)), median(rounds.map((r) => r.ours.cpuMs))]
    const ratios = rounds.map((r) => r.theirs.ms / r.ours.ms)
    return {
      ...of,
      peerMs,
      ourMs,
      ratio: peerMs / ourMs,
      spread: (Math.max(...ratios) - Math.min(...ratios)) / median(ratios),
      peerCpuMs,
      ourCpuMs,
      cpuRatio: peerCpuMs / ourCpuMs,
      ourOptimizerMs: median(rounds.map((r) => r.optimizer.ms)),
      peerLoss: first.loss,
      ourLoss: ourFirst.loss,
      peerGradNorm: first.gradNorm,
      ourGradNorm: ourFirst.gradNorm,
      rounds: rounds.length,
      peerFirstMs: first.ms,
      ourFirstMs: ourFirst.ms,
    }
  } catch (error) {
    return failed(of, error)
  } finally {
    engine.stop()
  }
}

/** Rows of one workload. @param {Plan} plan @returns {Promise<Row[]>} */
export async function compare(plan) {
  plan.say(`${plan.workload}: ours starts…`)
  const { engine, first } = await warm(plan, 'ours')
  // The first step was an optimizer step, so the step without an update is warmed up too.
  await engine.step(plan.limitMs)
  const rows = []
  for (const peer of plan.peers) rows.push(await against(plan, engine, first, peer))
  engine.stop()
  return rows
}
