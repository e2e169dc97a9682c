// Finds a browser with a WebGPU adapter, or downloads one. In this order: one that is named, installed, in Playwright's cache, from npm,
// from `playwright install`, from apt. `node src/cli/node/browser.mjs` prints the one it finds.
import { spawnSync } from 'node:child_process'
import { realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright'
import { installedBrowsers, namedBrowsers, playwrightBrowsers } from './browser-candidates.mjs'
import { note, recall, root } from './cache.mjs'
import { fetchedNpmBrowser, fetchNpmBrowser } from './npm-browser.mjs'

/** @typedef {{ path: string, env?: Record<string, string> }} Candidate */
/** @typedef {{ path: string, env: Record<string, string>, args: string[], version: string, adapter: string }} Browser */

// Without the second flag SwiftShader zeroes workgroup memory itself, and each pipeline takes seconds instead of milliseconds.
export const browserArgs = ['--enable-unsafe-webgpu', '--disable-dawn-features=use_vulkan_zero_initialize_workgroup_memory_extension']

/** @param {Record<string, string>} env */
export function browserEnv(env) {
  return /** @type {Record<string, string>} */ ({ ...process.env, ...env })
}

/**
 * Opens the browser without a window and asks a secure page for an adapter.
 * @param {Candidate} candidate
 * @returns {Promise<Browser>}
 */
async function prove({ path, env = {} }) {
  const browser = await chromium.launch({ executablePath: path, args: browserArgs, env: browserEnv(env), timeout: 60_000 })
  try {
    const page = await browser.newPage()
    await page.route('**/*', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>adapter</title>' }))
    await page.goto('http://localhost/')
    const adapter = await page.evaluate(async () => {
      const info = (await navigator.gpu?.requestAdapter())?.info
      return info && [info.vendor, info.architecture, info.description].filter(Boolean).join(' ')
    })
    if (adapter === undefined) throw new Error('gives no WebGPU adapter')
    return { path, env, args: browserArgs, version: browser.version(), adapter }
  } finally {
    await browser.close()
  }
}

/** @param {string} command @param {string[]} args */
function install(command, args) {
  process.stderr.write(`browser: trying ${command} ${args.join(' ')} …\n`)
  const run = spawnSync(command, args, {
    cwd: root,
    stdio: 'ignore',
    timeout: 600_000,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  if (run.status !== 0) throw new Error(`${command} ${args[0]} did not succeed`)
}

/** The ways to get a browser, best first; each returns candidates or throws. If the user named a browser, no other way is tried. @returns {Generator<() => (Candidate | undefined)[] | Promise<Candidate[]>>} */
function* ways() {
  if (namedBrowsers().length > 0) return yield () => namedBrowsers().map((path) => ({ path }))
  yield () => installedBrowsers().map((path) => ({ path }))
  yield async () => (await playwrightBrowsers()).map((path) => ({ path }))
  yield () => [fetchedNpmBrowser()]
  yield () => [fetchNpmBrowser()]
  yield async () => {
    install(process.execPath, [join(root, 'node_modules', 'playwright', 'cli.js'), 'install', 'chromium'])
    return (await playwrightBrowsers()).map((path) => ({ path }))
  }
  yield () => {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) throw new Error('apt-get needs root on Debian')
    install('apt-get', ['update'])
    install('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'])
    return installedBrowsers().map((path) => ({ path }))
  }
}

/** @returns {Promise<Browser>} */
async function search() {
  const tried = []
  for (const way of ways()) {
    try {
      for (const candidate of await way()) {
        if (!candidate) continue
        try {
          return await prove(candidate)
        } catch (error) {
          tried.push(`${candidate.path}: ${firstLine(error)}`)
        }
      }
    } catch (error) {
      tried.push(firstLine(error))
    }
  }
  throw new Error(
    `browser: expected a Chrome, Chromium or Edge with WebGPU, found none. Install Chrome or Chromium, or name one in TABTUNE_BROWSER. Tried: ${tried.join('; ')}`,
  )
}

/** @param {unknown} error */
function firstLine(error) {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]
}

/** A browser that has given a WebGPU adapter; remembered until it changes. @returns {Promise<Browser>} @throws Error saying what to install */
export async function findBrowser() {
  const key = [...namedBrowsers(), ...browserArgs].join(' ')
  const known = recall('browser', key)
  if (known && statSync(known.browser.path, { throwIfNoEntry: false })?.mtimeMs === known.mtimeMs) return known.browser
  const browser = await search()
  note('browser', key, { browser, mtimeMs: statSync(browser.path).mtimeMs })
  return browser
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  try {
    const { path, version, adapter } = await findBrowser()
    process.stdout.write(`${path}\nChromium ${version}\n${adapter}\n`)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
    process.exitCode = 1
  }
}
