// How the study runs commands, and how its page shows them.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { root } from '../../src/cli/node/cache.mjs'

const run = promisify(execFile)
/** A command that takes longer is stopped, and its row has no result. */
const limitMs = 3_600_000

/** Runs `node ARGS` in the checkout. @param {readonly string[]} args @param {Record<string, string>} [env] @returns {Promise<string>} what it printed */
export async function node(args, env = {}) {
  try {
    const { stdout } = await run(process.execPath, args, {
      cwd: root,
      maxBuffer: 2 ** 28,
      timeout: limitMs,
      env: { ...process.env, ...env },
    })
    return stdout
  } catch (error) {
    const { signal, stderr = '' } = /** @type {{ signal?: string, stderr?: string }} */ (error)
    throw new Error(signal ? `stopped by ${signal}` : (stderr.trim().split('\n').at(-1) ?? 'it failed'), { cause: error })
  }
}

/** @param {readonly string[]} args */
export const tabtune = (args) => node(['src/cli/launch.mjs', ...args])

/** As a person types it. @param {readonly string[]} args */
export const typed = (args) =>
  `npm run -s tabtune -- ${args.map((arg) => (/^[\w./,=:%-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", "'\\''")}'`)).join(' ')}`

/** The JSON lines that a command printed. @param {string} stdout */
export const jsonLines = (stdout) =>
  stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
