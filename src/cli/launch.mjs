#!/usr/bin/env node
// Starts the command line, or the studio if no command is given. In a checkout it bundles src/cli/main.ts if its sources are newer than the
// last bundle; the published package has a bundle. It runs the bundle in the environment that Dawn needs. It prints nothing to stdout, which
// belongs to the command.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { isPackage, packagedBundle, root } from './node/cache.mjs'
import { findDriver } from './node/driver.mjs'

/** Serving the page and printing the help need no driver, so nothing is searched for and nothing is fetched. */
const needsNoDriver = [undefined, 'studio', 'help']

/** Not every command needs a GPU, so without a driver this prints what is missing and continues. */
async function driverEnvironment() {
  const words = process.argv.slice(2)
  if (words.includes('--help') || needsNoDriver.includes(words.find((word) => !word.startsWith('-')))) return {}
  try {
    return (await findDriver()).env
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
    return {}
  }
}

/** The path of the command line as one file. */
async function bundle() {
  if (isPackage) return packagedBundle
  const { bundled } = await import('./node/bundle.mjs')
  return bundled('src/cli/main.ts', 'tabtune.mjs', ['src', 'shaders'])
}

/** @param {string} bundle @param {Record<string, string>} env */
function run(bundle, env) {
  const child = spawn(process.execPath, ['--enable-source-maps', bundle, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, ...env, TABTUNE_ROOT: root },
  })
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill(signal))
  // A terminal sends SIGINT to the child too. The child decides how it ends; this process waits for it.
  process.on('SIGINT', () => {})
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 1)
  })
}

try {
  const [env, file] = await Promise.all([driverEnvironment(), bundle()])
  run(file, env)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
}
