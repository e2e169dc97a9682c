// Runs one engine in its own process. Each line on stdin names a kind of step and runs it; the result is written as a line `@ {json}`.
import { createInterface } from 'node:readline'

/** @typedef {{ loss: number, gradNorm?: number }} Step */
/** `norm` is a step that also measures the norm of all gradients. @typedef {{ adapter: string, steps: Record<'step' | 'norm' | 'optimizer', (() => Promise<Step>) | undefined> }} Engine */

/** @param {object} what */
function say(what) {
  process.stdout.write(`@ ${JSON.stringify(what)}\n`)
}

function cpuMs() {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** The name of the graphics adapter. @param {GPU} gpu */
export async function adapterName(gpu) {
  const info = (await gpu.requestAdapter({ powerPreference: 'high-performance' }))?.info
  return info ? [info.vendor, info.architecture, info.description].filter(Boolean).join(' ') : 'no adapter'
}

/** The sum of squares in double precision. A kernel's sum over millions of values in single precision has too few digits. @param {Float32Array} values */
export function sumOfSquares(values) {
  let sum = 0
  for (const value of values) sum += value * value
  return sum
}

/** Runs the requested steps until stdin ends. @param {() => Promise<Engine>} start */
export async function serve(start) {
  try {
    const { steps, ...about } = await start()
    say(about)
    for await (const line of createInterface({ input: process.stdin })) {
      const run = steps[/** @type {keyof typeof steps} */ (line)]
      if (!run) throw new Error(`expected a step, got ${line}`)
      const [began, cpu] = [performance.now(), cpuMs()]
      const result = await run()
      say({ ...result, ms: performance.now() - began, cpuMs: cpuMs() - cpu })
    }
    process.exit(0)
  } catch (error) {
    say({ error: error instanceof Error ? error.message.split('\n')[0] : String(error) })
    if (process.env.TABTUNE_TRACE && error instanceof Error) process.stderr.write(`${error.stack}\n`)
    process.exit(1)
  }
}
