// Starts the command line: bundles src/cli/main.ts when its sources are newer than the last bundle, then runs it in the
// environment that Dawn needs. Nothing is printed to stdout here: that belongs to the command.
import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { checkoutCache, root } from '../../e2e/cache.mjs'
import { findDriver } from './driver.mjs'

const bundle = join(checkoutCache, 'tabtune.mjs')

/** Latest change under `folder` in milliseconds; folders count, since they change when a file goes. @param {string} folder @returns {number} */
function newest(folder) {
  let latest = statSync(folder).mtimeMs
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    latest = Math.max(latest, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs)
  }
  return latest
}

/** Writes the bundle in a folder of its own and moves it in place, so that several may start at once. @param {number} stampMs */
async function build(stampMs) {
  const { build } = await import('vite')
  const folder = join(checkoutCache, `bundle-${process.pid}`)
  mkdirSync(folder, { recursive: true })
  try {
    await build({
      root,
      configFile: false,
      logLevel: 'silent',
      publicDir: false,
      build: {
        ssr: join(root, 'src', 'cli', 'main.ts'),
        outDir: folder,
        emptyOutDir: false,
        target: 'node20',
        minify: false,
        sourcemap: 'inline',
        rolldownOptions: { output: { entryFileNames: 'tabtune.mjs', codeSplitting: false } },
      },
    })
    const made = join(folder, 'tabtune.mjs')
    utimesSync(made, new Date(), new Date(stampMs))
    renameSync(made, bundle)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function refresh() {
  const stampMs = Math.max(newest(join(root, 'src')), newest(join(root, 'shaders')))
  const known = statSync(bundle, { throwIfNoEntry: false })?.mtimeMs ?? 0
  // File systems round times; a whole millisecond is far below what an editor needs.
  if (known + 1 < stampMs) await build(stampMs)
}

/** Not every command needs a GPU: say what is missing and go on. */
async function driverEnvironment() {
  try {
    return (await findDriver()).env
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
    return {}
  }
}

/** @param {Record<string, string>} env */
function run(env) {
  const child = spawn(process.execPath, ['--enable-source-maps', bundle, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, ...env },
  })
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill(signal))
  // A terminal sends this to the child too, which ends in its own way; wait for it.
  process.on('SIGINT', () => {})
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 1)
  })
}

try {
  mkdirSync(dirname(bundle), { recursive: true })
  const [env] = await Promise.all([driverEnvironment(), refresh()])
  run(env)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
}
