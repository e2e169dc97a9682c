// Which of the dropped files are adapters: folders with an adapter's configuration, as TabTune, PEFT and trainers write them.
import type { PickedFile } from '../worker/api'
import { trainerLogs } from './trainer-logs'

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).toLowerCase()
}

export function folder(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

const adapterConfig = 'adapter_config.json'
const adapterWeights = new Set(['adapter_model.safetensors', 'adapter_model.bin', 'adapter.safetensors', 'trainable.safetensors'])
const logNames = trainerLogs.map(({ path }) => path)
export const adapterNames = new Set([
  adapterConfig,
  ...adapterWeights,
  'tabtune.json',
  'adapter.gguf',
  'run.json',
  'metrics.jsonl',
  ...logNames,
  'readme.md',
])

/** Weights of a model. Beside an adapter's weights, config.json is only the base's configuration, as axolotl writes it there. */
const isModelWeights = (name: string): boolean => /\.(safetensors|gguf)$/.test(name) && !adapterNames.has(name)

const checkpoint = /^(.*?)\/?checkpoint-(\d+)$/
const stepIn = (at: string): number => Number(checkpoint.exec(at)?.[2])

interface Taken {
  adapters: PickedFile[][]
  /** Files of checkpoints that a later adapter of the same run replaces. */
  older: PickedFile[]
  rest: PickedFile[]
}

/** Of the folders of one run, the adapter at its end, or else its last checkpoint. */
function newest(folders: readonly string[]): Set<string> {
  const runs = new Map<string, string[]>()
  for (const at of folders) {
    const run = checkpoint.exec(at)?.[1] ?? at
    runs.set(run, [...(runs.get(run) ?? []), at])
  }
  const last = ([run, all]: [string, string[]]) => (all.includes(run) ? run : all.toSorted((a, b) => stepIn(b) - stepIn(a))[0])
  return new Set([...runs].map(last))
}

/**
 * Folders with an adapter's configuration and no model's weights are adapters. Files without a folder belong together if they have an
 * adapter's names. Of a trainer's checkpoints only the last counts; if the adapter beside them has no log, theirs is its curve.
 */
export function takeAdapters(files: readonly PickedFile[]): Taken {
  const namesAt = (at: string): string[] => files.filter((f) => folder(f.path) === at).map((f) => baseName(f.path))
  const isAdapter = (at: string): boolean => {
    const names = namesAt(at)
    return at === '' || !names.includes('config.json') || (names.some((n) => adapterWeights.has(n)) && !names.some(isModelWeights))
  }
  const configured = new Set(files.filter((f) => baseName(f.path) === adapterConfig).map((f) => folder(f.path)))
  const folders = [...configured].filter(isAdapter)
  const chosen = newest(folders)
  const filesOf = (at: string) => files.filter(({ path }) => folder(path) === at && (at !== '' || adapterNames.has(baseName(path))))
  const withCurve = (at: string): PickedFile[] => {
    const own = filesOf(at)
    if (own.some(({ path }) => path.endsWith('metrics.jsonl') || logNames.includes(baseName(path)))) return own
    const logs = files.filter(({ path }) => logNames.includes(baseName(path)) && checkpoint.exec(folder(path))?.[1] === at)
    return [...own, ...logs.toSorted((a, b) => stepIn(folder(b.path)) - stepIn(folder(a.path))).slice(0, 1)]
  }
  const adapters = [...chosen].map(withCurve).filter((group) => group.length > 0)
  const older = folders.filter((at) => !chosen.has(at)).flatMap(filesOf)
  const taken = new Set([...adapters.flat(), ...older])
  return { adapters, older: older.filter((file) => !adapters.flat().includes(file)), rest: files.filter((f) => !taken.has(f)) }
}
