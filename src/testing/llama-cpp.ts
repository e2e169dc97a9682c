// llama.cpp from npm's node-llama-cpp, prebuilt, fetched into the project's cache without running scripts.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { filesOf } from '../formats/families/registry'

const version = '3.22.1'
const script = resolve(import.meta.dirname, '../../e2e/interop/llama_cpp.mjs')

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

interface Waiting {
  resolve(value: unknown): void
  reject(error: Error): void
}

/** Sends a question, and gives what llama.cpp answers. */
type Ask = (question: object) => Promise<unknown>

/** llama.cpp in a process of its own, which ends with ours. */
function start(packages: string): Ask {
  const child = spawn('node', [script, packages])
  const waiting: Waiting[] = []
  let complaint = ''
  child.stderr.on('data', (piece) => (complaint += piece))
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { value, error } = JSON.parse(line) as { value?: unknown; error?: string }
    if (error === undefined) waiting.shift()?.resolve(value)
    else waiting.shift()?.reject(new Error(`llama.cpp: ${error} ${complaint}`))
  })
  child.on('close', () => {
    started.delete(packages)
    for (const { reject } of waiting) reject(new Error(`llama.cpp: expected an answer, got the end of its process. ${complaint}`))
  })
  child.unref()
  return (question) =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject })
      child.stdin.write(`${JSON.stringify(question)}\n`)
    })
}

const started = new Map<string, Ask>()

/** Starting llama.cpp takes more than a second of processor time, so one process answers all tests of ours. */
function ask(packages: string, question: object): Promise<unknown> {
  const known = started.get(packages) ?? start(packages)
  started.set(packages, known)
  return known(question)
}

/**
 * Probabilities of the token after `ids` by llama.cpp, with an adapter's file or '-'. Give it weights in F32 (`ggufInF32`): with fewer
 * bits, its kernels round activations by an amount that depends on the processor (1.7e-4 in a probability was seen with F16).
 */
export async function llamaSays(packages: string, model: string, adapter: string, ids: readonly number[]): Promise<Map<number, number>> {
  return new Map((await ask(packages, { model, adapter, ids })) as [number, number][])
}

/** The ids of a text by llama.cpp, without special tokens around them. */
export async function llamaReads(packages: string, model: string, text: string): Promise<number[]> {
  return (await ask(packages, { model, text })) as number[]
}

/** The largest difference between the probabilities of `logits` [V] and the given ones. */
export function furthest(logits: Float32Array, said: ReadonlyMap<number, number>): number {
  const highest = Math.max(...logits)
  const total = logits.reduce((sum, z) => sum + Math.exp(z - highest), 0)
  return logits.reduce((worst, z, id) => Math.max(worst, Math.abs(Math.exp(z - highest) / total - said.get(id)!)), 0)
}

/** llama.cpp reads GELU from a 16-bit table, so models with GELU differ from ours by up to 5e-5 even without an adapter. */
export const roundsGelu = (family: string): boolean => filesOf(family).activation.startsWith('gelu')
