// The command line is killed (SIGKILL, with everything that it started) or stopped (Ctrl-C) at random moments of `train --save-every 2` and
// resumed, until the run is finished. What it printed and wrote is compared with a run that was left alone.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../../src/cli/node/cache.mjs'
import { randomNumbers } from '../../src/testing/random'
import type { EndurePart } from './part'

const demo = join(root, 'public/demo')
const steps = 12
const saveEvery = 2

/** What is trained, one after another: dropout, states of 8 bits, pages in main memory, a network that makes a prompt. */
const variants = [
  ['--method', 'lora', '--set', 'dropout=0.1', '--accumulate', '2'],
  ['--method', 'lora', '--set', 'r=32', '--optimizer', 'adamw-8bit', '--set', 'start=pissa', '--packing'],
  ['--method', 'full', '--optimizer-memory', 'paged', '--lr', '1e-3'],
  ['--method', 'prefix-tuning', '--set', 'projection=true', '--set', 'encoderHidden=64'],
]

interface Line {
  step: number
  steps?: number
  [metric: string]: unknown
}

/** The numbers that do not depend on how fast the machine is. */
const timeless = (value: object) =>
  JSON.stringify(value, (key, inner: unknown) => (/elapsedMs|(tokens|pictures)PerSecond|hostBytes/i.test(key) ? 0 : inner))
const linesOf = (text: string): Line[] => {
  // The last line may be cut.
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  return whole.split('\n').flatMap((line) => (line ? [JSON.parse(line) as Line] : []))
}

interface Ended {
  lines: Line[]
  killed: boolean
  said: string
}

interface Kill {
  signal: 'SIGKILL' | 'SIGINT'
  afterMs: number
}

/** Runs a command. `kill` gets the steps printed so far and says how it is ended, if it should be. */
function command(args: readonly string[], kill: (printed: number) => Kill | undefined): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'src/cli/launch.mjs'), ...args], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let [out, said, killed] = ['', '', false]
    let timer: NodeJS.Timeout | undefined
    const die = (signal: Kill['signal']) => {
      killed = true
      process.kill(-child.pid!, signal)
    }
    const look = () => {
      const end = timer ? undefined : kill(linesOf(out).filter((line) => line.steps).length)
      if (end) timer = setTimeout(die, end.afterMs, end.signal)
    }
    child.stdout.on('data', (piece) => {
      out += String(piece)
      look()
    })
    child.stderr.on('data', (piece) => (said += String(piece)))
    child.on('error', reject)
    child.on('close', (code) => {
      clearTimeout(timer)
      if (code === 0 || killed) resolve({ lines: linesOf(out), killed, said })
      else reject(new Error(`${args.join(' ')} ended with ${code}: ${said}`))
    })
    look()
  })
}

const never = () => undefined

/** All files under a folder, by path. */
function filesIn(folder: string, inside = ''): Map<string, Buffer> {
  const names = readdirSync(join(folder, inside)).sort()
  return new Map(
    names.flatMap((name): [string, Buffer][] => {
      const path = join(inside, name)
      return statSync(join(folder, path)).isDirectory() ? [...filesIn(folder, path)] : [[path, readFileSync(join(folder, path))]]
    }),
  )
}

/** The content of a file, without the times in it. */
function content(path: string, bytes: Buffer): string {
  if (path === 'metrics.jsonl') return linesOf(bytes.toString()).map(timeless).join('\n')
  if (path === 'run.json') return timeless(JSON.parse(bytes.toString()) as object)
  // The card has the time that the run took.
  return path === 'README.md' ? '' : bytes.toString('base64')
}

/** Answers of a run at its evaluations, by step and prompt. */
function sampled(bytes: Buffer): Map<string, string> {
  const lines = bytes.toString().split('\n').filter(Boolean)
  const found = lines.map((line) => JSON.parse(line) as { step: number; prompt: string; answer: string })
  return new Map(found.map(({ step, prompt, answer }) => [`${step} ${prompt}`, answer]))
}

/** Sampled answers are cut short by measured time, so one of two is the beginning of the other. */
function sameAnswers(left: Buffer, right: Buffer): boolean {
  const [a, b] = [sampled(left), sampled(right)]
  return [...a].every(([key, answer]) => {
    const other = b.get(key) ?? ''
    return answer.startsWith(other) || other.startsWith(answer)
  })
}

function compared(whole: string, again: string): string[] {
  const [left, right] = [filesIn(whole), filesIn(again)]
  const names = [...new Set([...left.keys(), ...right.keys()])]
  return names.flatMap((name) => {
    const [a, b] = [left.get(name), right.get(name)]
    if (!a || !b) return [`${name} is only in the ${a ? 'undisturbed' : 'resumed'} run`]
    const same = name === 'samples.jsonl' ? sameAnswers(a, b) : content(name, a) === content(name, b)
    return same ? [] : [`${name} differs`]
  })
}

interface Figures {
  kills: number
  lost: number[]
}

/** Kills and resumes one run. Returns what differs from `whole`. */
async function killedRun(
  args: string[],
  out: string,
  whole: { out: string; lines: Line[] },
  seed: number,
  figures: Figures,
): Promise<string[]> {
  const random = randomNumbers(seed)
  const kills = 1 + Math.floor(random() * 3)
  const problems: string[] = []
  const expected = new Map(whole.lines.map((line) => [`${line.step} ${line.steps}`, timeless(line)]))
  let reached = 0
  for (let time = 0; ; time++) {
    // After a number of steps of this process, at any moment of the next one; the first process may also die before its first step.
    const after = Math.floor(random() * 5) - (time ? 0 : 1)
    const afterMs = random() * 150
    // A stop by Ctrl-C early enough that steps are left. Its closing evaluation is one that the undisturbed run does not have.
    const stops = random() < 0.3 && reached + after < steps / 2
    const end: Kill = stops ? { signal: 'SIGINT', afterMs: 0 } : { signal: 'SIGKILL', afterMs }
    const resumes = time > 0 && existsSync(join(out, 'snapshot', 'command.json'))
    // It was killed when all was done.
    if (!resumes && existsSync(join(out, 'metrics.jsonl'))) break
    const ended = await command(
      resumes ? ['train', '--resume', out] : args,
      time < kills ? (printed) => (printed > after ? end : undefined) : never,
    )
    const printed = ended.lines.filter((line) => line.steps)
    if (time > 0 && printed.length) {
      const lost = reached + 1 - printed[0].step
      figures.lost.push(lost)
      if (lost > saveEvery || lost < 0) problems.push(`${lost} steps were taken again after a kill at step ${reached}`)
    }
    reached = Math.max(reached, printed.at(-1)?.step ?? 0)
    for (const line of ended.lines) {
      const right = expected.get(`${line.step} ${line.steps}`)
      if (right !== timeless(line) && !(stops && !line.steps && right === undefined))
        problems.push(`step ${line.step}: ${timeless(line)} instead of ${right}`)
    }
    if (!ended.killed) break
    figures.kills++
  }
  return [...problems, ...compared(whole.out, out)]
}

export const part: EndurePart = {
  name: 'killed-train',
  shows: 'train --save-every, killed at random moments and resumed, prints and writes what an undisturbed run does',
  unit: 'runs',
  counts: { sample: 1, usual: 12, long: 60 },
  needs: 'gpu',
  async run({ count, seed, report }) {
    const folder = mkdtempSync(join(tmpdir(), 'killed-train-'))
    const failures: { case: number; problem: string }[] = []
    const figures: Figures = { kills: 0, lost: [] }
    const wholes = new Map<number, { out: string; lines: Line[] }>()
    try {
      const rows = readFileSync(join(demo, 'train.jsonl'), 'utf8').split('\n')
      const [data, held] = [join(folder, 'rows.jsonl'), join(folder, 'held.jsonl')]
      writeFileSync(data, rows.slice(0, 40).join('\n'))
      writeFileSync(held, rows.slice(40, 44).join('\n'))
      for (let i = 0; i < count; i++) {
        const variant = (seed + i) % variants.length
        const args = (out: string) =>
          `train --steps ${steps} --batch 2 --length 32 --warmup 2 --eval-every 5 --save-every ${saveEvery}`
            .split(' ')
            .concat(['--model', demo, '--data', data, '--eval', held, '--out', out], variants[variant])
        let whole = wholes.get(variant)
        if (!whole) {
          const out = join(folder, `whole-${variant}`)
          whole = { out, lines: (await command(args(out), never)).lines }
          wholes.set(variant, whole)
        }
        const out = join(folder, `run-${i}`)
        mkdirSync(out)
        for (const problem of await killedRun(args(out), out, whole, seed + i, figures)) failures.push({ case: i, problem })
        rmSync(out, { recursive: true })
        report(i + 1)
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
    const most = Math.max(0, ...figures.lost)
    const mean = figures.lost.reduce((sum, steps) => sum + steps, 0) / Math.max(1, figures.lost.length)
    return {
      figures: [`${figures.kills} kills`, `at most ${most} steps taken again, ${mean.toFixed(1)} on average (saved every ${saveEvery})`],
      failures,
    }
  },
}
