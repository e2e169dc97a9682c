// Starts an engine in its own process and runs it step by step.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** @typedef {{ loss: number, gradNorm?: number, ms: number, cpuMs: number }} Measured */

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1))

/** A step took longer than its limit. */
export class TimedOut extends Error {}

export class Engine {
  /** @type {{ resolve: (said: any) => void, reject: (why: Error) => void } | undefined} */
  #waiting
  #child

  /** @param {string} name for messages @param {string[]} command a script and its arguments @param {Record<string, string>} env */
  constructor(name, command, env) {
    this.name = name
    // Messages of Dawn and the libraries are hidden, except for debugging.
    const errors = process.env.TABTUNE_TRACE ? 'inherit' : 'ignore'
    this.#child = spawn(process.execPath, command, { stdio: ['pipe', 'pipe', errors], env: { ...process.env, ...env } })
    const child = this.#child
    running.add(child)
    child.stdin?.on('error', () => undefined)
    child.on('exit', (code, signal) => {
      running.delete(child)
      this.#waiting?.reject(new Error(`${name} ended (${signal ?? `exit code ${code}`})`))
    })
    if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => this.#hear(line))
  }

  /** @param {string} line */
  #hear(line) {
    if (!line.startsWith('@ ')) return
    const said = JSON.parse(line.slice(2))
    const waiting = this.#waiting
    this.#waiting = undefined
    if (said.error) waiting?.reject(new Error(said.error))
    else waiting?.resolve(said)
  }

  /** The next message of the engine. @param {number} limitMs @returns {Promise<any>} @throws Error with the reason why there is none */
  async #next(limitMs) {
    /** @type {NodeJS.Timeout | undefined} */
    let timer
    try {
      return await new Promise((resolve, reject) => {
        this.#waiting = { resolve, reject }
        timer = setTimeout(() => {
          reject(new TimedOut(`${this.name}: no answer within ${Math.round(limitMs / 1000)} s`))
          this.stop()
        }, limitMs)
        if (this.#child.exitCode !== null) reject(new Error(`${this.name} ended (exit code ${this.#child.exitCode})`))
      })
    } finally {
      clearTimeout(timer)
    }
  }

  /** Waits until the engine is ready; returns what it says about itself. @param {number} limitMs @returns {Promise<Record<string, any>>} */
  async ready(limitMs) {
    return this.#next(limitMs)
  }

  /** @param {number} limitMs @param {string} [kind] @returns {Promise<Measured>} */
  async step(limitMs, kind = 'step') {
    const result = this.#next(limitMs)
    this.#child.stdin?.write(`${kind}\n`)
    return result
  }

  stop() {
    this.#child.kill('SIGKILL')
  }
}
