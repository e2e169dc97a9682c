// Test helpers for real files under ../shared, read from disk. They are absent in a fresh clone, and tests that need them are skipped.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { MemorySource } from '../memory-source'
import { readSafetensorsHeader } from '../safetensors'

const root = resolve(import.meta.dirname, '../../../../shared')

/** Whether ../shared exists; prints once if it does not. */
export const hasShared = existsSync(join(root, 'README.md'))
if (!hasShared) console.warn('skipped: tests on real files need ../shared, which is absent here')

export function sharedSource(path: string): MemorySource {
  return new MemorySource(basename(path), readFileSync(join(root, path)))
}

/** All files of a folder under ../shared, but no folders. */
export function sharedFolder(path: string): MemorySource[] {
  return filesOf(join(root, path))
}

const filesOf = (folder: string) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => new MemorySource(file.name, readFileSync(join(folder, file.name))))

/** The goldens in the repository: e2e/interop/goldens/formats, made by the scripts beside it. */
const kept = resolve(import.meta.dirname, '../../../e2e/interop/goldens/formats')
export const keptTensors = (file: string) => tensorsIn(new MemorySource(file, readFileSync(join(kept, file))))

interface Twin {
  ids: number[]
  /** The twin's last logits. */
  logits: number[]
  /** SHA-256 of the f32 values of each matrix. */
  sha256: Record<string, string>
}

/** Tiny folders that were quantised before, and what their dequantised twins compute (e2e/interop/make_prequantised.py). */
export const prequantisedTwins = readdirSync(kept, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => ({
    name,
    sources: filesOf(join(kept, name)).filter((source) => source.name !== 'expected.json'),
    expected: JSON.parse(readFileSync(join(kept, name, 'expected.json'), 'utf8')) as Twin,
  }))
  .sort((a, b) => (a.name < b.name ? -1 : 1))

/** All tensors of a safetensors file under ../shared. */
export const sharedTensors = (path: string) => tensorsIn(sharedSource(path))

/** All tensors of a safetensors file, as bytes by name, and its metadata. */
async function tensorsIn(source: MemorySource): Promise<{
  bytes: Map<string, Uint8Array<ArrayBuffer>>
  shapes: Map<string, readonly number[]>
  metadata: Readonly<Record<string, string>>
}> {
  const { tensors, metadata } = await readSafetensorsHeader(source)
  const bytes = new Map<string, Uint8Array<ArrayBuffer>>()
  const shapes = new Map<string, readonly number[]>()
  for (const [name, entry] of tensors) {
    bytes.set(name, await source.read(entry.offset, entry.sizeBytes))
    shapes.set(name, entry.shape)
  }
  return { bytes, shapes, metadata }
}

export const floats = (bytes: Uint8Array<ArrayBuffer>) => new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
export const halves = (bytes: Uint8Array<ArrayBuffer>) => new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2)

/** Numbers below `limit` by a linear congruence, the same every time. */
export function numbers(seed: number): (limit: number) => number {
  let state = seed >>> 0
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}
