// `npm run bench:peers`: measures the same training step in TabTune and in other WebGPU engines, in turns, on the same graphics adapter.
// `--before FOLDER` adds another checkout of TabTune (after `npm ci` there) as the peer `before`.
// Prints a table (or, with --json, one object) to stdout and everything else to stderr.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { bundled } from '../../src/cli/node/bundle.mjs'
import { findDriver } from '../../src/cli/node/driver.mjs'
import { root } from '../../src/cli/node/cache.mjs'
import { compare } from './compare.mjs'
import { workloads, writeModel } from './workloads.mjs'

const here = join(root, 'e2e', 'peers')
const peers = { 'jax-js': '@jax-js/jax', tfjs: '@tensorflow/tfjs-backend-webgpu' }

/** @param {string} text */
function say(text) {
  process.stderr.write(`${text}\n`)
}

function options() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      peer: { type: 'string' },
      before: { type: 'string' },
      rounds: { type: 'string', default: '5' },
      limit: { type: 'string', default: '300' },
      json: { type: 'boolean', default: false },
    },
  })
  const [rounds, limitSeconds] = [Number(values.rounds), Number(values.limit)]
  if (!(Number.isInteger(rounds) && rounds > 0))
    throw new Error(`--rounds: expected a whole number from 1, got ${values.rounds}. Correct it.`)
  if (!(limitSeconds > 0)) throw new Error(`--limit: expected seconds, got ${values.limit}. Correct it.`)
  /** @param {string} option @param {string[]} known @param {string | undefined} wanted */
  const choose = (option, known, wanted) => {
    if (wanted !== undefined && !known.includes(wanted))
      throw new Error(`--${option}: expected one of ${known.join(', ')}, got ${wanted}. Choose one of them.`)
    return wanted === undefined ? known : [wanted]
  }
  return {
    workloads: choose(
      'only',
      workloads.map((w) => w.name),
      values.only,
    ),
    // With --before and no --peer, only the two checkouts are compared.
    peers: [
      ...(values.before ? ['before'] : []),
      ...(values.before && !values.peer ? [] : choose('peer', Object.keys(peers), values.peer)),
    ],
    before: values.before,
    rounds,
    limitMs: limitSeconds * 1000,
    json: values.json,
  }
}

function install() {
  if (existsSync(join(here, 'node_modules'))) return
  say('Installing the peers into e2e/peers (npm ci, once)…')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const { status } = spawnSync(npm, ['ci', '--prefix', here, '--no-audit', '--no-fund'], {
    stdio: ['ignore', process.stderr.fd, 'inherit'],
  })
  if (status !== 0) throw new Error('peers: npm ci could not install them. See the lines above; an npm registry must be reachable.')
}

/** The peers that took longer than a minute for one step of a smaller workload, with the reason to skip a larger one. @param {import('./compare.mjs').Row[]} rows */
function tooSlow(rows) {
  return new Map(
    rows.flatMap((row) => ((row.peerMs ?? 0) > 60_000 || row.timedOut ? [[row.peer, `not tried: ${row.workload} was too slow here`]] : [])),
  )
}

/** Our engine in a checkout, bundled by the checkout's own code. @param {Pick<typeof import('../../src/cli/node/bundle.mjs'), 'bundled'>} bundler */
function ourEngine(bundler) {
  return bundler.bundled('e2e/peers/ours.ts', 'peer-ours.mjs', ['e2e/peers', 'src', 'shaders'])
}

/** The engine of another checkout. @param {string} folder @returns {Promise<string>} */
async function engineOf(folder) {
  const bundler = join(resolve(folder), 'src', 'cli', 'node', 'bundle.mjs')
  if (!existsSync(bundler)) throw new Error(`--before: expected a checkout of TabTune, found no ${bundler}. Name its folder.`)
  return ourEngine(await import(pathToFileURL(bundler).href))
}

/** The commit of a checkout. @param {string} folder */
function commitOf(folder) {
  return spawnSync('git', ['-C', folder, 'rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).stdout?.trim() || 'no commit'
}

/** @param {string} peer @param {string | undefined} before */
function versionOf(peer, before) {
  if (peer === 'before' && before) return commitOf(before)
  const name = peers[/** @type {keyof typeof peers} */ (peer)]
  return JSON.parse(readFileSync(join(here, 'node_modules', name, 'package.json'), 'utf8')).version
}

const ms = (/** @type {number} */ t) => (t >= 100 ? t.toFixed(0) : t.toFixed(1))

/** @param {import('./compare.mjs').Row} row */
function line(row) {
  const name = `${row.peer} ${row.version}`
  if (row.reason) return `| ${row.workload} | ${name} | — | — | — | — | — | ${row.reason} |`
  const [a, b] = [row.peerMs ?? 0, row.ourMs ?? 0]
  return `| ${row.workload} | ${name} | ${ms(a)} | ${ms(b)} | **${row.ratio?.toFixed(2)}** | ± ${((row.spread ?? 0) * 50).toFixed(0)} % | ${row.cpuRatio?.toFixed(2)} | ${row.rounds} rounds; loss ${row.peerLoss?.toFixed(5)} and ${row.ourLoss?.toFixed(5)}; our whole optimizer step ${ms(row.ourOptimizerMs ?? 0)} ms |`
}

async function main() {
  const chosen = options()
  install()
  const { env, adapter } = await findDriver()
  const [ours, tfjs] = await Promise.all([
    ourEngine({ bundled }),
    // The gradients of TensorFlow.js are in modules that Node cannot load directly.
    bundled('e2e/peers/tfjs.mjs', 'peer-tfjs.mjs', ['e2e/peers'], [/^@tensorflow\//, /^seedrandom/, /^long/]),
  ])
  const before = chosen.before === undefined ? '' : await engineOf(chosen.before)
  const scripts = { ours, 'jax-js': join(here, 'jax-js.mjs'), tfjs, before }
  const folder = mkdtempSync(join(tmpdir(), 'tabtune-peers-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  /** @type {import('./compare.mjs').Row[]} */
  const rows = []
  for (const workload of workloads.filter((w) => chosen.workloads.includes(w.name))) {
    const model = join(folder, workload.name)
    writeModel(model, workload)
    const command = (/** @type {string} */ engine) => [scripts[/** @type {keyof typeof scripts} */ (engine)], workload.name, model]
    rows.push(...(await compare({ ...chosen, workload: workload.name, command, env, adapter, say, tooSlow: tooSlow(rows) })))
  }
  for (const row of rows) row.version = versionOf(row.peer, chosen.before)
  if (chosen.json) process.stdout.write(`${JSON.stringify({ adapter, rows }, null, 2)}\n`)
  else {
    process.stdout.write(
      `${adapter}; ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown CPU'}; Node ${process.versions.node}\n\n| workload | peer | peer ms | our ms | ratio | spread | ratio of CPU time | |\n|---|---|---|---|---|---|---|---|\n${rows.map(line).join('\n')}\n`,
    )
  }
  const wrong = rows.filter((row) => row.wrong)
  for (const row of wrong) say(`${row.workload}, ${row.peer}: ${row.reason}`)
  process.exit(wrong.length > 0 ? 1 : 0)
}

main().catch((/** @type {unknown} */ error) => {
  say(error instanceof Error ? error.message : String(error))
  process.exit(1)
})
