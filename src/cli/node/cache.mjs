// The caches: large downloads are shared by all checkouts, small notes belong to one checkout.
import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[\\/]$/, '')

/** The bundle of the command line in the published package (build-package.mjs), which has no sources. */
export const packagedBundle = join(root, 'lib', 'tabtune.mjs')

/** Whether this is the published package and not a checkout. */
export const isPackage = !existsSync(join(root, 'src', 'cli', 'main.ts'))

/** A place inside node_modules for what a checkout remembers. */
const insideModules = join(root, 'node_modules', '.cache', 'tabtune')

/** The folder for notes of this checkout; `npm ci` deletes it. An installed package may lie where nothing can be written. */
export const checkoutCache = isPackage
  ? join(sharedCache(), `notes-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`)
  : insideModules

/** A folder that `npm ci` does not delete; if the home folder is not writable, one inside node_modules or of the system. */
export function sharedCache() {
  const base = process.env.XDG_CACHE_HOME || process.env.LOCALAPPDATA || join(homedir(), '.cache')
  const folder = join(base, 'tabtune')
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
    return folder
  } catch {
    const other = isPackage ? join(tmpdir(), 'tabtune') : insideModules
    mkdirSync(other, { recursive: true })
    return other
  }
}

/**
 * Returns what was noted under `name` for `key`, or undefined.
 * @param {string} name
 * @param {string} key
 */
export function recall(name, key) {
  try {
    const note = JSON.parse(readFileSync(join(checkoutCache, `${name}.json`), 'utf8'))
    return note.key === key ? note.value : undefined
  } catch {
    return undefined
  }
}

/**
 * Notes `value` under `name`. A process that reads at the same time sees the old or the new note, never half of one.
 * @param {string} name
 * @param {string} key
 * @param {unknown} value
 */
export function note(name, key, value) {
  mkdirSync(checkoutCache, { recursive: true })
  const path = join(checkoutCache, `${name}.json`)
  writeFileSync(`${path}.${process.pid}`, JSON.stringify({ key, value }, null, 2))
  renameSync(`${path}.${process.pid}`, path)
}
