// Goldens made by transformers, PEFT and bitsandbytes: a few are in the project, more in ../shared/oracle. Also skips tests if
// those are absent.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { BaseFormat } from '../config/run-config'
import type { MicroBatch } from '../data/micro-batch'
import { MemorySource } from '../formats/memory-source'
import { openModel } from '../formats/open-model'
import { weightFormat } from '../formats/quant/registry'
import { readSafetensorsHeader } from '../formats/safetensors'
import type { Gpu } from '../gpu/gpu'
import { loadBase, planBase } from '../models/base-model'
import { methodBase } from '../peft/base'
import { withClassTexts } from '../peft/class-texts'
import type { LoadedModel } from '../peft/loaded-model'

export const shared = resolve(import.meta.dirname, '../../../shared')
export const oracle = join(shared, 'oracle')
/** Goldens that e2e/interop/make_golden.py makes. */
const kept = resolve(import.meta.dirname, '../../e2e/interop/goldens')

/** Whether the folder exists; if not, prints that tests are skipped, and why. */
export function present(folder: string): boolean {
  if (existsSync(folder)) return true
  console.warn(`skipped: ${folder} is not on this machine`)
  return false
}

/** The folder of a golden (`qwen3`, `methods/lora_qwen2`): in the project if it is kept there, else in ../shared/oracle. */
export function goldenFolder(name: string): string {
  const here = join(kept, name)
  return existsSync(here) ? here : join(oracle, name)
}

/** Files directly in a folder, or one file, as sources. */
export function sourcesOf(path: string): MemorySource[] {
  const files = statSync(path).isDirectory()
    ? readdirSync(path, { withFileTypes: true })
        .filter((e) => e.isFile())
        .map((e) => join(path, e.name))
    : [path]
  return files.map((file) => new MemorySource(file.split('/').pop()!, new Uint8Array(readFileSync(file))))
}

export function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T
}

/** Tensors of a safetensors file as f32. */
export async function readFloats(path: string): Promise<Map<string, { shape: readonly number[]; values: Float32Array }>> {
  const source = new MemorySource(path, new Uint8Array(readFileSync(path)))
  const { tensors } = await readSafetensorsHeader(source)
  const out = new Map<string, { shape: readonly number[]; values: Float32Array }>()
  for (const e of tensors.values()) {
    if (e.dtype !== 'F32') continue
    out.set(e.name, { shape: e.shape, values: weightFormat('f32').decode(await source.read(e.offset, e.sizeBytes), e.sizeBytes / 4) })
  }
  return out
}

/** An I32 tensor of a safetensors file. */
export async function readIds(path: string, name = 'ids'): Promise<number[]> {
  const source = new MemorySource(path, new Uint8Array(readFileSync(path)))
  const entry = (await readSafetensorsHeader(source)).tensors.get(name)!
  return [...new Int32Array((await source.read(entry.offset, entry.sizeBytes)).slice().buffer)]
}

/** A model from disk on the GPU. `ids`: token ids of classes, for one that compares pictures with texts. */
export async function loadModel(gpu: Gpu, path: string, base: BaseFormat, ids?: readonly (readonly number[])[]): Promise<LoadedModel> {
  const opened = await openModel(sourcesOf(path), { pictures: true })
  const file = ids ? withClassTexts(opened, { names: ids.map((own) => own.join(' ')), ids }) : opened
  const plan = planBase(file, base, gpu.profile.maxBindingBytes)
  const identity = await loadBase(gpu, plan)
  return { file, plan, identity, base: methodBase(plan, undefined, identity), tokenizer: undefined }
}

export interface GoldenBatch {
  input_ids: number[][]
  attention_mask: number[][]
  labels: number[][]
}

/** A golden's batch as a micro-batch: labels are shifted, padding is on the right. */
export function microBatch(batch: GoldenBatch): MicroBatch {
  const [rows, length] = [batch.input_ids.length, batch.input_ids[0].length]
  const m: MicroBatch = {
    rows,
    length,
    ids: Uint32Array.from(batch.input_ids.flat()),
    targets: new Int32Array(rows * length).fill(-1),
    positions: Uint32Array.from({ length: rows * length }, (_, i) => i % length),
    first: new Uint32Array(rows * length),
    supervised: 0,
    tokens: batch.attention_mask.flat().reduce((a, b) => a + b, 0),
    filled: batch.attention_mask.map((row) => row.reduce((a, b) => a + b, 0)),
  }
  for (let i = 0; i < rows * length; i++) {
    const [b, t] = [Math.floor(i / length), i % length]
    if (!batch.attention_mask[b][t]) m.first[i] = t
    const label = batch.labels[b][t + 1] ?? -100
    if (label === -100) continue
    m.targets[i] = label
    m.supervised++
  }
  return m
}

/** ‖a − b‖ / ‖b‖ */
export function relativeDistance(a: Float32Array, b: Float32Array): number {
  let [difference, norm] = [0, 0]
  for (let i = 0; i < b.length; i++) {
    difference += (a[i] - b[i]) ** 2
    norm += b[i] ** 2
  }
  return norm === 0 ? Math.sqrt(difference) : Math.sqrt(difference / norm)
}

export function largestDifference(a: Float32Array, b: Float32Array): number {
  let worst = 0
  for (let i = 0; i < b.length; i++) worst = Math.max(worst, Math.abs(a[i] - b[i]))
  return worst
}
