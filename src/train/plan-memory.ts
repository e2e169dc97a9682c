// What a run takes in memory and on disk, planned without weights, rows and a GPU: every row has the maximum length, or the positions of a picture.
import type { Settings } from '../config/field'
import type { BaseFormat, TrainingSettings } from '../config/run-config'
import type { MemoryReport } from '../config/run-reports'
import { type SafetensorsDtype, safetensorsHeader, safetensorsTypes } from '../formats/safetensors'
import { type Profile, profileFor } from '../gpu/profile'
import type { LoadedModel } from '../peft/loaded-model'
import type { FileTensor, Method } from '../peft/method'
import type { FloatType } from '../peft/model-folder'
import { adapterTensors, planRun } from './run'

export interface MemoryPlan extends Pick<MemoryReport, 'totalBytes' | 'parts' | 'hostBytes' | 'extraWork' | 'problem'> {
  method: string
  base: BaseFormat
  trainableParameters: number
  totalParameters: number
  /** The base model alone, as it lies on the GPU. */
  baseBytes: number
  /** The weights file of the adapter, or of the whole model. */
  fileBytes: number
  /** What a run keeps so that it can be resumed: trained values and the optimizer's states. */
  snapshotBytes: number
  /** How many adapters fit into the given bytes beside one base, or how many whole models. */
  beside?: number
  /** The result is a whole model. */
  whole: boolean
}

/** The kernels of real GPUs. The plan for a software adapter differs in the activations. */
const hardwareProfile: Profile = profileFor({
  software: false,
  f16: true,
  subgroup: 1,
  scalarLoads: false,
  maxBindingBytes: 2 ** 31,
  maxBufferBytes: 2 ** 31,
})

const valuesBytes = (tensors: readonly FileTensor[]): number => {
  const { bytes, sizeBytes } = safetensorsHeader(tensors)
  return sizeBytes - bytes.length
}

/** `tensors` with those in f32 saved as `dtype`. */
const savedAs = (tensors: readonly FileTensor[], dtype: SafetensorsDtype): FileTensor[] =>
  tensors.map((tensor) => ({ ...tensor, dtype: tensor.dtype && tensor.dtype !== 'F32' ? tensor.dtype : dtype }))

export interface PlanWanted {
  profile?: Profile
  model: LoadedModel
  method: Method
  settings: Settings
  training: TrainingSettings
  /** How the values of the file are written. */
  dtype?: FloatType
  /** Bytes that hold one base and its adapters. */
  besideBytes?: number
}

/** @throws what the method throws about its settings */
export async function planMemory(wanted: PlanWanted): Promise<MemoryPlan> {
  const { profile = hardwareProfile, model, method, settings, training, dtype = 'f32', besideBytes } = wanted
  const { vision, context } = model.file.config
  // A picture has as many positions as it has.
  const lengths = [vision ? context : training.maxLength]
  const run = await planRun({ profile, model, method, settings, training, trainLengths: lengths, evalLengths: lengths, steps: 1 })
  const { totalBytes, parts, trainableParameters, totalParameters, hostBytes, extraWork, problem } = run.memory
  const tensors = savedAs(adapterTensors(run), safetensorsTypes[dtype])
  const baseBytes = model.plan.sizeBytes
  const one = valuesBytes(tensors)
  const whole = method.weightsFile !== undefined
  const room = whole ? besideBytes : besideBytes && besideBytes - baseBytes
  return {
    method: method.name,
    base: model.plan.base,
    totalBytes,
    parts,
    trainableParameters,
    totalParameters,
    hostBytes,
    extraWork,
    problem,
    whole,
    baseBytes,
    fileBytes: safetensorsHeader(tensors).sizeBytes,
    snapshotBytes: run.session.kept.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    ...(room !== undefined && { beside: Math.max(0, Math.floor(room / one)) }),
  }
}
