// Checks names in a zip: some are refused, some are left out.
import { say } from '../config/phrase'
import type { ZipSource } from './zip-source'

const mostCharacters = 512

/** A name for sentences: short, and without control characters. */
export function shownPath(path: string): string {
  const plain = path.replace(/[\p{Cc}\p{Cf}]/gu, '\uFFFD')
  return plain.length > 80 ? `${plain.slice(0, 80)}…` : plain
}

function isWrong(path: string): boolean {
  // Characters that some system reads as something else than a name: control and format characters, and Windows's own.
  if (path.length > mostCharacters || /[\\<>:"|?*\p{Cc}\p{Cf}]/u.test(path)) return true
  const parts = path.replace(/\/$/, '').split('/')
  return parts.some((part) => part === '' || part === '.' || part === '..')
}

/** `path` without a `./` at its beginning. @throws FormatError if it leads out of the zip's folder */
export function checkedPath(source: ZipSource, path: string): string {
  const plain = path.replace(/^(\.\/)+(?=.)/, '')
  if (plain !== './' && isWrong(plain)) throw source.suspect(say`a file with the path "${shownPath(path)}"`)
  return plain
}

/** @throws FormatError if two paths are the same or differ only in case */
export function refuseDuplicates(source: ZipSource, paths: readonly string[]): void {
  const seen = new Set<string>()
  for (const path of paths) {
    const key = path.normalize('NFC').toLowerCase()
    if (seen.has(key)) throw source.suspect(say`two files named ${shownPath(path)}`)
    seen.add(key)
  }
}

/** Endings of files that belong to an adapter, a model or a dataset. */
const kinds = /\.(json|jsonl|ndjson|csv|tsv|tab|parquet|gz|safetensors|gguf|jinja|md|txt|model)$/i
/** Names that are devices on Windows, with any ending. */
const devices = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

/** Whether a file is taken out of a zip. Left out are folders, files of other kinds, hidden files and Finder's copies of attributes. */
export function isTaken(path: string): boolean {
  const parts = path.split('/')
  const name = parts.at(-1)!
  return kinds.test(name) && !devices.test(name) && !name.startsWith('.') && !parts.includes('__MACOSX')
}
