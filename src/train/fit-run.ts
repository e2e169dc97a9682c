// Makes a run fit into the memory that there is, without another result: layers are computed again, the optimizer's states go to main
// memory, and fewer rows are on the GPU at once. It does as little as needed, in the order of `waysIn`.
import { bytesText } from '../config/bytes'
import { type Phrase, joined, say } from '../config/phrase'
import type { TrainingSettings } from '../config/run-config'
import type { MemoryReport } from '../config/run-reports'
import type { Profile } from '../gpu/profile'
import { type BatchPlan, planRunBatches } from './batches'
import type { DeviceRoom } from './device-room'
import { type Run, budgetOf, planRun } from './run'
import type { Fit, RunRequest } from './run-request'

/** Of a device with which runs are planned. */
export interface Planner {
  profile: Profile
  /** Absent = the device is not asked, and only the memory budget limits a run. */
  room?: Pick<DeviceRoom, 'gives' | 'bytes'>
}

interface PlannedRun {
  /** The request with its `fit`. */
  request: RunRequest
  run: Run
  batches: BatchPlan
  memory: MemoryReport
}

/** Plans a run and its batches as its settings and its `fit` say, without the GPU. `onlyLongest`: as if all batches were as long as the longest. */
export async function planRequest(profile: Profile, request: RunRequest, onlyLongest = false): Promise<{ run: Run; batches: BatchPlan }> {
  const { training, fit = {} } = request
  // A step cannot have more rows than there are. Empty places would take as much time and memory as rows.
  const most = Math.max(1, request.rows.train.length, request.rows.eval.length)
  const atOnce = Math.min(training.batchSize, fit.atOnce ?? Infinity, most)
  const batches = planRunBatches(request.rows, training, request.method, atOnce)
  const run = await planRun({
    profile,
    ...request,
    training: { ...training, batchSize: atOnce, ...(fit.paged && { optimizerMemory: 'paged' }) },
    trainLengths: batches.trainLengths.slice(onlyLongest ? -1 : 0),
    evalLengths: batches.evalLengths.slice(onlyLongest ? -1 : 0),
    steps: batches.steps,
    roomBytes: fit.roomBytes,
  })
  const [used, all] = [batches.evaluation.rows, request.rows.eval.length]
  return { run: { ...run, memory: { ...run.memory, ...(all > 0 && { evalRows: { used, all } }) } }, batches }
}

/** What a run may do otherwise, cheapest first: the same bits, then the same sums in another order. Settings that were chosen stay. */
function waysIn({ batchSize, optimizerMemory }: TrainingSettings, addsLoss: boolean): Fit[] {
  const paging = optimizerMemory === 'auto' ? [{}, { paged: true }] : [{}]
  const rows: number[] = []
  // A loss that is not a mean over tokens, such as the load balancing of LoRA-MoE, depends on the rows that are together.
  if (!addsLoss)
    for (let atOnce = Math.ceil(batchSize / 2); atOnce < (rows.at(-1) ?? batchSize); atOnce = Math.ceil(atOnce / 2)) rows.push(atOnce)
  return [...paging, ...rows.flatMap((atOnce) => paging.map((way) => ({ ...way, atOnce })))]
}

/**
 * The least that a run takes if it does `fit` and computes as many layers again as saves memory. Only its longest batches are planned, which
 * is quick. `otherBytes`: at most so much is needed for the programs of its other lengths.
 */
async function leastOf(profile: Profile, request: RunRequest, fit: Fit): Promise<{ run: Run; bytes: number; otherBytes: number }> {
  const { run, batches } = await planRequest(profile, { ...request, fit: { ...fit, roomBytes: 0 } }, true)
  const { totalBytes: bytes, parts } = run.memory
  const others = [batches.trainLengths, batches.evalLengths].reduce((sum, { length }) => sum + Math.max(0, length - 1), 0)
  return { run, bytes, otherBytes: others * (parts.find(({ purpose }) => purpose === 'tables')?.bytes ?? 0) }
}

/** Bytes with which a run fits for sure, if it does everything that keeps its result. @throws what planning throws */
export async function sufficientBytes(profile: Profile, request: RunRequest): Promise<number> {
  const least = (addsLoss: boolean) => leastOf(profile, request, waysIn(request.training, addsLoss).at(-1) ?? {})
  const rows = await least(false)
  const { bytes, otherBytes } = rows.run.hooks.extraLoss ? await least(true) : rows
  return bytes + otherBytes
}

/** What is done otherwise, in words, and what it costs. */
function changesIn({ atOnce, paged }: Fit, { batchSize }: TrainingSettings, { extraWork }: MemoryReport): Phrase[] {
  return [
    ...(atOnce === undefined
      ? []
      : [
          say`A micro-batch of ${batchSize} rows is computed ${atOnce} at a time, and the gradients are added up. The result is the same up to rounding.`,
        ]),
    ...(extraWork === undefined
      ? []
      : [
          say`The backward pass computes layers again, which is ${(extraWork * 100).toFixed(0)} % more work per step. The result is the same.`,
        ]),
    ...(paged ? [say`The optimizer’s states are in main memory, which takes some time for copies. The result is the same.`] : []),
  ]
}

/** The most bytes that a run may take, and who says so. */
interface Limit {
  bytes: number
  words: Phrase
  /** The same, and what the run would take as it is set. */
  asSet: Phrase
}

/** Share of the measured room that is left free: devices also need memory for themselves. */
const spareShare = 1 / 32

/** The limit of a run that would take `bytes`; undefined if it fits. */
async function limitOf({ room }: Planner, { run }: { run: Run }): Promise<Limit | undefined> {
  const { training } = run.plan
  const budget = budgetOf(training) ?? Infinity
  const { totalBytes } = run.memory
  if (room && !(await room.gives(run.session.slots))) {
    const bytes = await room.bytes(totalBytes)
    const words = say`This graphics device gives at most ${bytesText(bytes)}.`
    // A budget that is larger than what the device gives limits nothing.
    if (bytes < budget) {
      const asSet = totalBytes > bytes ? say`${words} As set, the run would take ${bytesText(totalBytes)}.` : words
      return { bytes: Math.floor(bytes * (1 - spareShare)), words, asSet }
    }
  }
  if (totalBytes <= budget) return undefined
  const words = say`The memory budget is ${bytesText(budget)}.`
  return { bytes: budget, words, asSet: words }
}

/**
 * Plans a run so that it fits, if that is possible without another result. The report then says what is done otherwise; else it says that
 * the run does not fit. `fixed`: what a run that is resumed did otherwise; only layers may be computed again then.
 */
export async function fitRequest(planner: Planner, asked: RunRequest, fixed?: Fit): Promise<PlannedRun> {
  const request = { ...asked, fit: fixed ?? asked.fit }
  const whole = await planRequest(planner.profile, request)
  const planned = (fit: Fit, { run, batches }: typeof whole, fitted?: Phrase): PlannedRun => ({
    request: { ...request, fit },
    run,
    batches,
    memory: { ...run.memory, ...(fitted && { fitted }) },
  })
  const { problem, problemSettings } = whole.run.memory
  const other = problem !== undefined && !problemSettings?.includes('memoryBudget')
  const { training } = request
  const limit = other ? undefined : await limitOf(planner, whole)
  if (!limit) {
    const changes = changesIn(request.fit ?? {}, training, whole.run.memory)
    return planned(request.fit ?? {}, whole, changes.length ? joined(changes, ' ') : undefined)
  }
  const ways = fixed ? [fixed] : waysIn(training, whole.run.hooks.extraLoss !== undefined)
  let last = planned({}, whole)
  for (const [i, way] of ways.entries()) {
    if (i + 1 < ways.length && (await leastOf(planner.profile, request, way)).bytes > limit.bytes) continue
    const fit = { ...way, roomBytes: limit.bytes }
    const found = await planRequest(planner.profile, { ...request, fit })
    const { memory, session } = found.run
    if (memory.totalBytes <= limit.bytes && (!planner.room || (await planner.room.gives(session.slots))))
      return planned(fit, found, joined([limit.asSet, ...changesIn(way, training, memory)], ' '))
    last = planned(fit, found)
  }
  return refused(last, limit)
}

/** The smallest run that has the same result, with the reason why it does not fit either. */
function refused({ run, ...rest }: PlannedRun, { words, bytes }: Limit): PlannedRun {
  const { training } = rest.request
  const memory: MemoryReport = {
    ...run.memory,
    problem: say`${words} This run takes at least ${bytesText(run.memory.totalBytes)}, even with everything that keeps its result.`,
    problemSettings: ['memoryBudget', ...(training.batchSize > 1 ? ['batchSize'] : []), 'maxLength'],
    roomBytes: bytes,
  }
  return { ...rest, run: { ...run, memory }, memory }
}
