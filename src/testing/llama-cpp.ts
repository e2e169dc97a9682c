// llama.cpp from npm's node-llama-cpp, prebuilt, fetched into the project's cache without running scripts.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { filesOf } from '../formats/families/registry'

const version = '3.22.1'
const interop = resolve(import.meta.dirname, '../../e2e/interop')
const script = join(interop, 'llama_cpp.mjs')

/** A folder with node-llama-cpp in it, or undefined with the reason printed. */
export function llamaPackages(): string | undefined {
  const packages = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'tabtune', `node-llama-cpp-${version}`)
  const system = process.platform === 'win32' ? 'win' : process.platform === 'darwin' ? 'mac' : 'linux'
  const metal = process.platform === 'darwin' && process.arch === 'arm64' ? '-metal' : ''
  const binary = `@node-llama-cpp/${system}-${process.arch}${metal}`
  if (existsSync(join(packages, 'node_modules', binary))) return packages
  try {
    mkdirSync(packages, { recursive: true })
    writeFileSync(join(packages, 'package.json'), '{"private":true}')
    const quiet = ['--ignore-scripts', '--omit=optional', '--no-audit', '--no-fund']
    const args = ['install', '--prefix', packages, ...quiet, `node-llama-cpp@${version}`, `${binary}@${version}`]
    execFileSync('npm', args, { stdio: 'pipe', timeout: 180_000, cwd: packages })
    return packages
  } catch {
    console.warn(`skipped: npm could not fetch node-llama-cpp ${version} for ${binary}`)
    return undefined
  }
}

/**
 * Probabilities of the token after `ids` by llama.cpp, with an adapter's file or '-'. Give it weights in F32 (`ggufInF32`): with fewer
 * bits, its kernels round activations by an amount that depends on the processor (1.7e-4 in a probability was seen with F16).
 */
export function llamaSays(packages: string, model: string, adapter: string, ids: readonly number[]): Map<number, number> {
  const printed = execFileSync('node', [script, packages, model, adapter, ids.join()], { encoding: 'utf8', stdio: 'pipe' })
  return new Map(JSON.parse(printed) as [number, number][])
}

/** The ids of a text by llama.cpp, without special tokens around them. */
export function llamaReads(packages: string, model: string, text: string): number[] {
  const args = [join(interop, 'llama_cpp_tokens.mjs'), packages, model, text]
  return JSON.parse(execFileSync('node', args, { encoding: 'utf8', stdio: 'pipe' })) as number[]
}

/** The largest difference between the probabilities of `logits` [V] and the given ones. */
export function furthest(logits: Float32Array, said: ReadonlyMap<number, number>): number {
  const highest = Math.max(...logits)
  const total = logits.reduce((sum, z) => sum + Math.exp(z - highest), 0)
  return logits.reduce((worst, z, id) => Math.max(worst, Math.abs(Math.exp(z - highest) / total - said.get(id)!)), 0)
}

/** llama.cpp reads GELU from a 16-bit table, so models with GELU differ from ours by up to 5e-5 even without an adapter. */
export const roundsGelu = (family: string): boolean => filesOf(family).activation.startsWith('gelu')
