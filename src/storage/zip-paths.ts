// Names in a zip: which are refused, and which are left out.
import type { ZipSource } from './zip-source'

const mostCharacters = 512

/** A name as a sentence can show it: short, and without characters that change a line. */
export function shownPath(path: string): string {
  const plain = path.replace(/[\p{Cc}\p{Cf}]/gu, '\uFFFD')
  return plain.length > 80 ? `${plain.slice(0, 80)}…` : plain
}

function isWrong(path: string): boolean {
  if (path.length > mostCharacters || /[\\\p{Cc}]/u.test(path) || /^[a-z]:/i.test(path)) return true
  const parts = path.replace(/\/$/, '').split('/')
  return parts.some((part) => part === '' || part === '.' || part === '..')
}

/** `path` below the zip's own folder, a `./` in front taken off. @throws FormatError where it leads elsewhere */
export function checkedPath(source: ZipSource, path: string): string {
  const plain = path.replace(/^(\.\/)+(?=.)/, '')
  if (plain !== './' && isWrong(plain)) throw source.suspect(`a file with the path "${shownPath(path)}"`)
  return plain
}

/** @throws FormatError where two paths are the same, or differ in case alone */
export function refuseDuplicates(source: ZipSource, paths: readonly string[]): void {
  const seen = new Set<string>()
  for (const path of paths) {
    const key = path.normalize('NFC').toLowerCase()
    if (seen.has(key)) throw source.suspect(`two files named ${shownPath(path)}`)
    seen.add(key)
  }
}

/** What systems add beside the files: Finder's copies of attributes, hidden files. */
export function isBeside(path: string): boolean {
  const parts = path.split('/')
  return parts.includes('__MACOSX') || parts.at(-1)!.startsWith('.')
}
