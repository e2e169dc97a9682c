// For tests: a file of bytes, and its rows as they are read.
import { sentence } from '../../config/phrase'
import { type ReadHow, autoHow } from '../../config/read-how'
import type { DataSource } from '../data-source'
import { readAny } from '../in/read-any'

/** A file of these bytes, which comes in pieces of `pieceBytes`. */
export function fileOf(content: Uint8Array | string, name: string, pieceBytes = 2 ** 16): DataSource {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  async function* stream() {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.slice(at, at + pieceBytes)
  }
  return { name, sizeBytes: bytes.length, stream, read: async (at, size) => bytes.slice(at, at + size) }
}

interface ReadFile {
  values: (Record<string, unknown> | undefined)[]
  lines: number[]
  /** `line: reason` */
  problems: string[]
  notes: string[]
}

/** All rows of a file. */
export async function readWhole(source: DataSource, how: Partial<ReadHow> = {}): Promise<ReadFile> {
  const out: ReadFile = { values: [], lines: [], problems: [], notes: [] }
  const onNote = (note: Parameters<typeof sentence>[0]): void => void out.notes.push(sentence(note))
  for await (const { line, value, problem } of readAny(source, { ...autoHow, ...how }, { onNote })) {
    out.lines.push(line)
    if (value) out.values.push(value)
    if (problem) out.problems.push(`${line}: ${sentence(problem)}`)
  }
  return out
}
