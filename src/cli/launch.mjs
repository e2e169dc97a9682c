// Starts the command line: bundles src/cli/main.ts if its sources are newer than the last bundle, then runs it in the environment that
// Dawn needs. It prints nothing to stdout, which belongs to the command.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { bundled } from './node/bundle.mjs'
import { findDriver } from './node/driver.mjs'

/** Not every command needs a GPU, so without a driver this prints what is missing and continues. */
async function driverEnvironment() {
  try {
    return (await findDriver()).env
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
    return {}
  }
}

/** @param {string} bundle @param {Record<string, string>} env */
function run(bundle, env) {
  const child = spawn(process.execPath, ['--enable-source-maps', bundle, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, ...env },
  })
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill(signal))
  // A terminal sends SIGINT to the child too. The child decides how it ends; this process waits for it.
  process.on('SIGINT', () => {})
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 1)
  })
}

try {
  const [env, bundle] = await Promise.all([driverEnvironment(), bundled('src/cli/main.ts', 'tabtune.mjs', ['src', 'shaders'])])
  run(bundle, env)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
}
