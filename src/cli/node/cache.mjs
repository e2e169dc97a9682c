// The caches: large downloads are shared by all checkouts, small notes belong to one checkout.
import { accessSync, constants, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[\\/]$/, '')

/** The folder for notes of this checkout; `npm ci` deletes it. */
export const checkoutCache = join(root, 'node_modules', '.cache', 'tabtune')

/** A folder that `npm ci` does not delete; falls back to `checkoutCache` if the home folder is not writable. */
export function sharedCache() {
  const base = process.env.XDG_CACHE_HOME || process.env.LOCALAPPDATA || join(homedir(), '.cache')
  const folder = join(base, 'tabtune')
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
    return folder
  } catch {
    mkdirSync(checkoutCache, { recursive: true })
    return checkoutCache
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
