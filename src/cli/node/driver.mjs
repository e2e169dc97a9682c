// Chooses the Vulkan driver for Dawn (npm `webgpu`) in Node: the system's driver if Dawn accepts it, else the SwiftShader that comes with
// the browser. It is plain JavaScript, since it runs before anything is bundled: it decides the environment of the process that loads Dawn.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { installedBrowsers, namedBrowsers, playwrightBrowsers } from './browser-candidates.mjs'
import { isPackage, note, recall, root } from './cache.mjs'
import { fetchNpmBrowser, fetchedNpmBrowser } from './npm-browser.mjs'

/** @typedef {{ env: Record<string, string>, adapter: string }} Driver */

const probe = `
  import { create } from 'webgpu'
  const gpu = create([])
  const info = (await gpu.requestAdapter())?.info
  if (info) process.stdout.write([info.vendor, info.architecture, info.description].filter(Boolean).join(' ') || 'unnamed adapter')
  process.exit(info ? 0 : 1)`

/**
 * The name of the adapter that Dawn gives in this environment, or undefined.
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
 * The environment in which the Vulkan loader uses the driver that `icd` describes.
 * @param {string} icd
 * @param {(string | undefined)[]} libraries folders with the loader or with libraries that the driver needs
 */
function environment(icd, libraries) {
  const path = [...libraries, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':')
  return { VK_ICD_FILENAMES: icd, VK_DRIVER_FILES: icd, ...(path ? { LD_LIBRARY_PATH: path } : {}) }
}

/** The folders of browsers that may have SwiftShader beside them, best first. The published package has no Playwright to prove a browser. */
async function* browserFolders() {
  if (!isPackage) {
    const { findBrowser } = await import('./browser.mjs')
    yield dirname((await findBrowser()).path)
    return
  }
  for (const path of [...namedBrowsers(), ...installedBrowsers(), ...(await playwrightBrowsers())]) yield dirname(realpathSync(path))
  if (process.platform === 'linux' && process.arch === 'x64') yield dirname((fetchedNpmBrowser() ?? fetchNpmBrowser()).path)
}

/** The environment for the SwiftShader beside a browser's executable. @throws Error if there is none */
async function softwareEnvironment() {
  const tried = []
  for await (const folder of browserFolders()) {
    const icd = join(folder, 'vk_swiftshader_icd.json')
    if (existsSync(icd)) return environment(icd, [folder])
    tried.push(icd)
  }
  throw new Error(
    `graphics driver: expected a driver with WebGPU, or ${tried.join(' or ') || 'a browser that brings one'}; found none. Install a Vulkan driver, or name one in TABTUNE_VULKAN_ICD.`,
  )
}

/** Everything that the choice depends on: the installed drivers and the environment variables. */
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
  // A driver that the user named needs at most the loader (libvulkan) from the browser's folder.
  const env = icd ? environment(icd, [software.LD_LIBRARY_PATH]) : software
  const second = adapterIn(env)
  if (second) return { env, adapter: second }
  const wanted = icd ?? 'the SwiftShader that comes with the browser'
  throw new Error(
    `graphics driver: expected an adapter from ${wanted}, got none. Install a Vulkan driver, or name another in TABTUNE_VULKAN_ICD.`,
  )
}

/**
 * The environment variables for a process that loads Dawn, and the adapter that it will get. Remembered until a driver is installed or
 * removed. TABTUNE_VULKAN_ICD names a driver that is used in any case. @returns {Promise<Driver>} @throws Error saying what to install
 */
export async function findDriver() {
  const key = surroundings()
  const known = recall('driver', key)
  if (known && (!known.env.VK_ICD_FILENAMES || existsSync(known.env.VK_ICD_FILENAMES))) return known
  const driver = await choose()
  note('driver', key, driver)
  return driver
}
