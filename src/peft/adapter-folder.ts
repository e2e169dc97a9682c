// An adapter's folder: PEFT's two files, and files of our own for everything that PEFT does not know. Methods that write other folders
// build them from the same parts.
import { adapterWeightsName } from '../formats/adapter-type'
import { isTransposed } from '../formats/hf-names'
import { floatBytes } from '../formats/load-weights'
import { safetensorsTypes, writeSafetensors } from '../formats/safetensors'
import type { Asking } from '../config/asking'
import type { EvalRecord } from '../config/eval-record'
import type { TrainedOn } from '../config/identity'
import type { Settings } from '../config/field'
import type { Adapter, Base, FileTensor, Method, NamedTensor } from './method'
import type { FloatType, FolderFile } from './model-folder'

export const configName = 'adapter_config.json'
/** The trained tensors, if the weights file holds only what is computed from them. */
export const trainedName = 'trainable.safetensors'
/** The method's name and settings, the form of the prompts, the base, and how well the adapter did. PEFT ignores this file, as it ignores all files that it does not know. */
export const ownName = 'tabtune.json'

export const weightsName = ({ weightsFile }: Pick<Method, 'weightsFile'>) => weightsFile ?? adapterWeightsName

export function jsonFile(path: string, value: unknown): FolderFile {
  return { path, bytes: new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`) }
}

export function tensorsFile(path: string, tensors: Adapter['tensors']): FolderFile {
  return { path, bytes: writeSafetensors([...tensors].map(([name, t]) => ({ name, shape: t.shape, data: t.values }))) }
}

interface OwnFile {
  /** Absent = an adapter is merged into the model. */
  method?: string
  settings?: Settings
  /** The adapter's configuration, if the folder is a whole model. */
  config?: Record<string, unknown>
  asking?: Asking
  base?: TrainedOn
  evaluation?: EvalRecord
  /** The names of the classes in the order of their numbers, for a model that sorts pictures. */
  classes?: readonly string[]
  /** What a model that compares pictures with texts read for them: the ids of the names, if they were given as ids, and the templates. */
  texts?: { ids?: readonly (readonly number[])[]; templates: readonly string[] }
}

export const ownFile = (content: OwnFile) => jsonFile(ownName, content)

/** The base that an adapter was trained on: the one that it names, or the one that it sits on. */
export function baseOf({ trainedOn }: Pick<Adapter, 'trainedOn'>, { name, identity }: Base): TrainedOn | undefined {
  return trainedOn ?? (identity && { name, ...identity })
}

/** A matrix [N, K], transposed to [K, N]. */
export function transposed({ shape: [rows, cols], values }: NamedTensor): NamedTensor {
  const out = new Float32Array(values.length)
  for (let row = 0; row < rows; row++) for (let col = 0; col < cols; col++) out[col * rows + row] = values[row * cols + col]
  return { shape: [cols, rows], values: out }
}

/** The tensors as the publisher's files hold them: if they are the base's own tensors, Conv1D matrices are transposed to [in, out]. */
export function turnedRound(tensors: Adapter['tensors'], method: Method, base: Base): Adapter['tensors'] {
  if (!method.baseTensors || !base.family.files.transposed) return tensors
  return new Map([...tensors].map(([name, t]) => [name, isTransposed(base.config.family, name) ? transposed(t) : t]))
}

const floatTypes = Object.entries(safetensorsTypes) as [FloatType, string][]

/** The weights file, and trainable.safetensors if the weights file does not hold all trained tensors. */
export function weightFiles({ method, settings, tensors }: Adapter, base: Base): FolderFile[] {
  const trained = [...tensors].map(([name, { shape }]): FileTensor => ({ name, shape }))
  const kept = (method.fileTensors?.(trained, settings, base) ?? trained).filter(({ name }) => tensors.has(name))
  const values = turnedRound(tensors, method, base)
  const data = kept.map(({ name, dtype = 'F32' }) => {
    const t = values.get(name)!
    const [type] = floatTypes.find(([, written]) => written === dtype)!
    return { name, shape: t.shape, data: floatBytes(name, t.values, type), dtype }
  })
  const names = new Set(kept.map(({ name }) => name))
  const others = new Map([...values].filter(([name]) => !names.has(name)))
  return [{ path: weightsName(method), bytes: writeSafetensors(data) }, ...(others.size ? [tensorsFile(trainedName, others)] : [])]
}

function textsOf({ config: { text } }: Base): OwnFile['texts'] {
  if (!text?.classes) return undefined
  const { given, ids, templates } = text.classes
  return { ...(given && { ids }), templates }
}

/** The folder of most methods. */
export async function adapterFolder(adapter: Adapter, base: Base): Promise<FolderFile[]> {
  const { method, settings, asking, evaluation } = adapter
  const [weights, ...trained] = weightFiles(adapter, base)
  const added = method.newTokens?.(settings) ?? []
  return [
    jsonFile(configName, method.toConfig(settings, base)),
    weights,
    ownFile({
      method: method.name,
      settings,
      asking,
      base: baseOf(adapter, base),
      evaluation,
      classes: base.config.vision?.classes,
      texts: textsOf(base),
    }),
    ...trained,
    ...(added.length ? await base.tokenizerFiles(added) : []),
  ]
}
