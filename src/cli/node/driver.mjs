// Which Vulkan driver Dawn (npm `webgpu`) gets in Node: the system's where Dawn accepts it, else the SwiftShader that comes
// with the browser. Plain JavaScript, since it decides the environment of the process that loads Dawn, before anything is bundled.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { note, recall, root } from './cache.mjs'

/** @typedef {{ env: Record<string, string>, adapter: string }} Driver */

const probe = `
  import { create } from 'webgpu'
  const gpu = create([])
  const info = (await gpu.requestAdapter())?.info
  if (info) process.stdout.write([info.vendor, info.architecture, info.description].filter(Boolean).join(' ') || 'unnamed adapter')
  process.exit(info ? 0 : 1)`

/**
 * Name of the adapter that Dawn gives in this environment, or undefined.
 * @param {Record<string, string>} env
 */
function adapterIn(env) {
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', probe], {
    cwd: root,
    encoding: 'utf8',
    timeout: 60_000,
    env: { ...process.env, ...env },
  })
  return run.status === 0 ? run.stdout : undefined
}

/**
 * The environment in which Vulkan's loader takes the driver that `icd` describes.
 * @param {string} icd
 * @param {(string | undefined)[]} libraries folders that hold the loader or what the driver needs
 */
function environment(icd, libraries) {
  const path = [...libraries, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':')
  return { VK_ICD_FILENAMES: icd, VK_DRIVER_FILES: icd, ...(path ? { LD_LIBRARY_PATH: path } : {}) }
}

/** SwiftShader beside the browser's executable. @throws Error where no browser can be had. */
async function softwareEnvironment() {
  const { findBrowser } = await import('./browser.mjs')
  const browser = await findBrowser()
  const folder = dirname(browser.path)
  const icd = join(folder, 'vk_swiftshader_icd.json')
  if (!existsSync(icd))
    throw new Error(
      `graphics driver: expected ${icd} beside the browser, got none. Install a Vulkan driver, or name one in TABTUNE_VULKAN_ICD.`,
    )
  return environment(icd, [folder])
}

/** What the choice depends on: the drivers that are installed and what the person set. */
function surroundings() {
  const folders = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d', '/usr/local/share/vulkan/icd.d']
  const installed = folders.flatMap((folder) => (existsSync(folder) ? readdirSync(folder) : []))
  const { TABTUNE_VULKAN_ICD, VK_ICD_FILENAMES, VK_DRIVER_FILES, LD_LIBRARY_PATH } = process.env
  return JSON.stringify([process.platform, installed, TABTUNE_VULKAN_ICD, VK_ICD_FILENAMES, VK_DRIVER_FILES, LD_LIBRARY_PATH])
}

/** @returns {Promise<Driver>} */
async function choose() {
  const icd = process.env.TABTUNE_VULKAN_ICD
  const system = icd ? environment(icd, []) : {}
  const adapter = adapterIn(system)
  if (adapter) return { env: system, adapter }
  const software = await softwareEnvironment()
  // A driver named by the person needs at most the loader (libvulkan) from there.
  const env = icd ? environment(icd, [software.LD_LIBRARY_PATH]) : software
  const second = adapterIn(env)
  if (second) return { env, adapter: second }
  const wanted = icd ?? 'the SwiftShader that comes with the browser'
  throw new Error(
    `graphics driver: expected an adapter from ${wanted}, got none. Install a Vulkan driver, or name another in TABTUNE_VULKAN_ICD.`,
  )
}

/**
 * The environment variables with which a process that loads Dawn must be started, and the adapter it will get. Remembered until
 * a driver comes or goes. TABTUNE_VULKAN_ICD names a driver to use in any case. @returns {Promise<Driver>} @throws Error saying what to install.
 */
export async function findDriver() {
  const key = surroundings()
  const known = recall('driver', key)
  if (known && (!known.env.VK_ICD_FILENAMES || existsSync(known.env.VK_ICD_FILENAMES))) return known
  const driver = await choose()
  note('driver', key, driver)
  return driver
}
