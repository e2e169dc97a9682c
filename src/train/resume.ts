// Resuming a run from a snapshot: checks that it belongs to this run, and uses the kernels that computed it where the device has them.
import { UnsupportedError } from '../config/errors'
import { type Phrase, joined, say } from '../config/phrase'
import type { EvalMetrics, MemoryReport, StepMetrics } from '../config/run-reports'
import { sha256Text } from '../config/sha256'
import type { Settings } from '../config/field'
import { allRows } from '../config/run-config'
import type { Gpu } from '../gpu/gpu'
import { isOneOf } from '../gpu/matrix-units'
import { shaderNames, shaderText } from '../gpu/shaders'
import type { Snapshot } from '../storage/snapshot'
import type { Fit, RunRequest } from './run-request'
import { rowsFingerprint } from './rows-fingerprint'
import type { Run } from './run'
import { unread } from './kept-adapter'
import { layoutOf, readNumbers } from './run-snapshot'
import { type Kernels, type Origin, type TrainerState, parseAbout } from './snapshot-about'

/** The run that a snapshot of `request` belongs to. */
export async function originOf({ method, settings, training, initial, model, rows, fit }: RunRequest): Promise<Origin> {
  return {
    method: method.name,
    settings,
    training,
    fit: fit && { atOnce: fit.atOnce, paged: fit.paged },
    start: initial && [...initial].map(([name, { shape }]) => ({ name, shape: [...shape] })),
    model: { name: model.file.name, base: model.plan.base, fingerprint: model.identity?.fingerprint ?? 'unknown' },
    data: { name: rows.dataset.name, rows: rows.train.length, fingerprint: await rowsFingerprint(rows, training.maxLength) },
    asking: rows.dataset.asking,
  }
}

export async function kernelsOf(gpu: Gpu): Promise<Kernels> {
  const shaders = [...shaderNames].sort().map((name) => [name, shaderText(name)])
  return {
    adapter: gpu.name,
    shaders: await sha256Text(JSON.stringify(shaders)),
    profile: { ...gpu.profile, largeTile: { ...gpu.profile.largeTile } },
  }
}

/** Settings that change what a run needs or shows, but not its numbers. */
const free = ['memoryBudget', 'checkpointing', 'samplePrompts']
/** Settings that older versions did not have, as they trained. */
const older: Settings = { ...allRows, precision: 'exact' }

function changes(kept: Settings, now: Settings): Phrase[] {
  const keys = [...new Set([...Object.keys(kept), ...Object.keys(now)])].filter((key) => !free.includes(key))
  return keys.filter((key) => kept[key] !== now[key]).map((key) => say`${key} ${String(kept[key])} instead of ${String(now[key])}`)
}

/** @throws UnsupportedError naming everything in which the run differs from that of the snapshot */
function checkOrigin(kept: Origin, now: Origin): void {
  const problems = [
    ...(kept.model.fingerprint === now.model.fingerprint
      ? []
      : [say`other weights (of ${kept.model.name}) than the loaded model ${now.model.name}`]),
    ...(kept.model.base === now.model.base ? [] : [say`base precision ${kept.model.base} instead of ${now.model.base}`]),
    ...(kept.data.fingerprint === now.data.fingerprint
      ? []
      : [say`other rows (${kept.data.rows} of ${kept.data.name}) than this run (${now.data.rows} of ${now.data.name})`]),
    ...(kept.method === now.method ? changes(kept.settings, now.settings) : [say`method ${kept.method} instead of ${now.method}`]),
    ...changes({ ...now.training, ...kept.training }, now.training),
  ]
  if (problems.length)
    throw new UnsupportedError(
      say`resume: expected the run that the snapshot belongs to, got one that differs: the snapshot has ${joined(problems, '; ')}. Use what the run was started with, or start a new run.`,
    )
}

const plainProfile = (profile: Kernels['profile']) => JSON.stringify(Object.entries(profile).sort())

/** The device under the kernels of a snapshot where it has them, and a notice where results may differ in their last bits. */
function chosen(gpu: Gpu, kept: Kernels, now: Kernels): { gpu: Gpu; notice?: Phrase } {
  const { matmul, attention, maxBindingBytes, maxBufferBytes, matrices = {} } = kept.profile
  const known = Object.values(matrices).every((form) => isOneOf(gpu.matrices, form))
  const room = maxBindingBytes <= gpu.profile.maxBindingBytes && maxBufferBytes <= gpu.profile.maxBufferBytes
  // The notice is in run.json, which people share, so it names no device.
  const differ = say`The run continues from its snapshot, but its numbers may differ in their last digits from those of an uninterrupted run`
  const lanes = Math.max(...[matmul, attention].map((form) => (form === 'octet' ? 8 : form === 'quad' ? 4 : 1)))
  if (kept.adapter !== now.adapter || !room || !known || gpu.subgroup < lanes) {
    // Parameters lie as in the snapshot only if they are cut into buffers of the same size.
    const own = room && maxBindingBytes < gpu.profile.maxBindingBytes ? gpu.under({ maxBindingBytes }) : gpu
    return { gpu: own, notice: say`${differ}: it was taken on another device, or with kernels that this one does not have.` }
  }
  const notice = kept.shaders === now.shaders ? undefined : say`${differ}: another version of TabTune took it.`
  return {
    gpu: plainProfile(kept.profile) === plainProfile(now.profile) ? gpu : gpu.under({ matrices: undefined, ...kept.profile }),
    notice,
  }
}

/** How an older version trained, where its snapshot does not say. */
const olderTraining = ({ training }: Origin): Settings => Object.fromEntries(Object.entries(older).filter(([key]) => !(key in training)))

interface Resumed {
  /** The device with the kernels that the run uses. */
  gpu: Gpu
  request: RunRequest
  /** What the run did otherwise so that it fitted. */
  fit: Fit
  state: TrainerState
  steps: StepMetrics[]
  evals: EvalMetrics[]
  peakGpuBytes: number
  origin: Origin
  /** The report, which also says if the numbers may differ from those of an uninterrupted run. */
  noted(memory: MemoryReport): MemoryReport
  /** @throws UnsupportedError if the run needs other buffers than the snapshot has */
  checkLayout(run: Run): Promise<void>
}

/** Reads what a snapshot says, for a run as in `request`. @throws FormatError, UnsupportedError if it is damaged or belongs to another run */
export async function resumed(gpu: Gpu, request: RunRequest, snapshot: Snapshot): Promise<Resumed> {
  const about = parseAbout(snapshot.about)
  const { start } = about.origin
  const origin = await originOf(request)
  checkOrigin(about.origin, origin)
  const { notice, ...on } = chosen(gpu, about.kernels, await kernelsOf(gpu))
  return {
    ...on,
    origin: about.origin,
    fit: about.origin.fit ?? {},
    noted: (memory) => (notice ? { ...memory, notice: memory.notice ? joined([memory.notice, notice], ' ') : notice } : memory),
    request: { ...request, training: { ...request.training, ...olderTraining(about.origin) }, initial: start && unread(start) },
    state: about.state,
    steps: await readNumbers<StepMetrics>(snapshot, 'steps', about.columns.steps),
    evals: await readNumbers<EvalMetrics>(snapshot, 'evals', about.columns.evals),
    peakGpuBytes: about.peakGpuBytes,
    async checkLayout(run) {
      if ((await layoutOf(run)) !== about.layout)
        throw new UnsupportedError(
          say`resume: expected parameters that lie as in the snapshot of ${about.kernels.adapter}, got others on ${gpu.name}. Resume on the device that the run was started on, or start a new run.`,
        )
    },
  }
}
