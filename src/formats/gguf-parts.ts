// A GGUF model in several files, as llama-gguf-split writes them: the first has all metadata, each has some of the tensors, and
// `split.no`, `split.count` and `split.tensors.count` say how they belong together.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import { type GgufHeader, type GgufTensor, readGgufHeader } from './gguf'
import type { ByteSource } from './source'

const partName = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/i
const fileOf = (path: string) => path.slice(path.lastIndexOf('/') + 1)
const nameOf = (stem: string, number: number, count: number) =>
  `${stem}-${String(number).padStart(5, '0')}-of-${String(count).padStart(5, '0')}.gguf`

/** The names of all parts, first to last, if a file has the name of a part; else none. */
export function partNames(name: string): string[] {
  const [, stem, , total] = partName.exec(name) ?? []
  const count = Number(total)
  if (stem === undefined || count < 2) return []
  return Array.from({ length: count }, (_, i) => nameOf(stem, i + 1, count))
}

/** Whether files are named as parts of one model. */
export function areParts(sources: readonly ByteSource[]): boolean {
  const names = partNames(sources[0]!.name)
  return sources.every((source) => names.includes(source.name))
}

interface Part {
  source: ByteSource
  header: GgufHeader
  /** Counted from 0. */
  number: number
  count: number
}

function partOf(source: ByteSource, header: GgufHeader): Part {
  const [number, count] = [Number(header.metadata['split.no'] ?? 0), Number(header.metadata['split.count'] ?? 1)]
  if (Number.isInteger(number) && Number.isInteger(count) && number >= 0 && number < Math.max(1, count) && count <= 99_999)
    return { source, header, number, count: Math.max(1, count) }
  throw new FormatError(
    say`${source.name}: expected split.no below split.count, got ${String(header.metadata['split.no']).slice(0, 20)} of ${String(header.metadata['split.count']).slice(0, 20)}. The file is damaged; download it again.`,
  )
}

/** @throws FormatError naming the parts that are missing, or a part that belongs to another model */
function inOrder(parts: readonly Part[]): Part[] {
  const [{ source, count }] = parts as [Part, ...Part[]]
  const other = parts.find((part) => part.count !== count)
  if (other)
    throw new FormatError(
      say`${other.source.name}: expected a part of a model in ${count} files, got one of ${other.count}. Choose the parts of one model.`,
    )
  const ordered: Part[] = []
  for (const part of parts) {
    if (ordered[part.number])
      throw new FormatError(
        say`${part.source.name}: expected each part once, got part ${part.number + 1} a second time. Choose the parts of one model.`,
      )
    ordered[part.number] = part
  }
  const stem = partName.exec(fileOf(source.name))?.[1] ?? fileOf(source.name).replace(/\.gguf$/i, '')
  const missing = Array.from({ length: count }, (_, i) => i).filter((i) => !ordered[i])
  if (missing.length) {
    const first = missing.slice(0, 3).map((i) => nameOf(stem, i + 1, count))
    const more = missing.length > 3 ? say` and ${missing.length - 3} more` : ''
    throw new FormatError(
      say`${source.name}: expected all ${count} parts of the model, got none named ${first.join(', ')}${more}. Choose all parts together, or their folder.`,
    )
  }
  return ordered
}

/** The header of a model in one or several files. @throws FormatError, UnsupportedError */
export async function readGgufParts(sources: readonly ByteSource[]): Promise<{ source: ByteSource; header: GgufHeader }> {
  const read: Part[] = []
  for (const source of sources) read.push(partOf(source, await readGgufHeader(source)))
  const parts = inOrder(read)
  const [{ source, header: first }] = parts as [Part, ...Part[]]
  const tensors = new Map<string, GgufTensor>()
  for (const part of parts)
    for (const [name, tensor] of part.header.tensors) {
      if (tensors.has(name))
        throw new FormatError(
          say`${part.source.name}: expected each tensor in one file only, got ${name.slice(0, 100)} a second time. Choose the parts of one model.`,
        )
      tensors.set(name, tensor)
    }
  const expected = Number(first.metadata['split.tensors.count'] ?? tensors.size)
  if (parts.length > 1 && expected !== tensors.size)
    throw new FormatError(
      say`${source.name}: expected ${expected} tensors in all parts, got ${tensors.size}. Choose the parts of one model, or download them again.`,
    )
  return { source, header: { ...first, tensors } }
}
