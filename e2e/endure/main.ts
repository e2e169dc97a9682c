// `npm run endure`: runs every part of e2e/endure, each in a process of its own, and prints what they measured. e2e/endure.mjs starts it.
import { fork } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { findDriver } from '../../src/cli/node/driver.mjs'
import { type EndureArguments, endureArguments } from './arguments'
import { type BuiltPage, serveBuiltPage } from './built-page'
import type { EndureOptions, EndurePart, EndureResult } from './part'
import { type EndureRow, endureTable, failureLines } from './table'

const files = import.meta.glob<{ part?: EndurePart }>(['./*.ts', '!./main.ts', '!./*.test.ts'], { eager: true })
const parts = Object.values(files)
  .flatMap(({ part }) => part ?? [])
  .toSorted((a, b) => a.name.localeCompare(b.name))

/** What a part's process says. */
type Said = { done: number } | { result: EndureResult }

/** The variable that makes a process run one part. */
const partVariable = 'TABTUNE_ENDURE_PART'
/** A part that says nothing for this long is ended. */
const silenceMs = 600_000

type PartOptions = Omit<EndureOptions, 'report'>

async function runAsChild(given: string): Promise<void> {
  const { name, ...options } = JSON.parse(given) as PartOptions & { name: string }
  const part = parts.find((one) => one.name === name)
  if (!part) throw new Error(`endure: there is no part ${name}.`)
  const say = (said: Said): void => void process.send?.(said)
  const result = await part.run({ ...options, report: (done) => say({ done }) })
  // The end is the parent's: a browser or a device that is still open must not keep this process.
  process.send?.({ result } satisfies Said, () => process.exit(0))
}

const countIn = (part: EndurePart, { count, amount }: EndureArguments): number => count ?? part.counts[amount]

function failed(problem: string): EndureResult {
  return { figures: [], failures: [{ case: 0, problem }] }
}

/** Runs a part in its own process. A part that crashes, hangs or throws has failed; its last words are on stderr. */
function runPart(part: EndurePart, options: PartOptions, env: Record<string, string>): Promise<EndureResult> {
  return new Promise((resolve) => {
    const child = fork(process.argv[1], [], {
      env: { ...process.env, ...env, [partVariable]: JSON.stringify({ name: part.name, ...options }) },
    })
    let result: EndureResult | undefined
    let [done, silent] = [0, false]
    const end = (): void => {
      silent = true
      child.kill('SIGKILL')
    }
    let timer = setTimeout(end, silenceMs)
    child.on('message', (said: Said) => {
      clearTimeout(timer)
      timer = setTimeout(end, silenceMs)
      if ('result' in said) result = said.result
      else done = said.done
    })
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      const why = silent ? `said nothing for ${silenceMs / 1000} s` : `ended early (${signal ?? `exit code ${code}`})`
      resolve(result ?? { ...failed(why), failures: [{ case: done, problem: `${part.name} ${why}` }] })
    })
  })
}

async function environmentOf(part: EndurePart): Promise<Record<string, string>> {
  return part.needs === 'gpu' ? (await findDriver()).env : {}
}

/**
 * Parts that need the processor alone run side by side. The others measure times with all cores, so they run one after another. In a sample,
 * which measures none, all run from one queue: a page waits about half of its time, so one more than the cores run at once.
 */
async function runAll(chosen: readonly EndurePart[], given: EndureArguments, page: BuiltPage | undefined): Promise<EndureRow[]> {
  const rows = new Map<string, EndureRow>()
  const run = async (part: EndurePart): Promise<void> => {
    const count = countIn(part, given)
    const startMs = performance.now()
    process.stderr.write(`endure: ${part.name}, ${count} ${part.unit} …\n`)
    const sample = given.amount === 'sample'
    const options = { count, seed: given.seed, sample, address: page?.address ?? '' }
    const result = await environmentOf(part).then(
      (env) => runPart(part, options, env),
      (error: unknown) => failed(String(error)),
    )
    const seconds = (performance.now() - startMs) / 1000
    process.stderr.write(`endure: ${part.name} took ${seconds.toFixed(1)} s, ${result.failures.length} failures\n`)
    rows.set(part.name, { part, count, seed: given.seed, sample, result, seconds })
  }
  const sideBySide = async (some: readonly EndurePart[], atOnce: number): Promise<void> => {
    const next = some.values()
    const turns = Array.from({ length: Math.min(atOnce, some.length) }, async () => {
      for (const part of next) await run(part)
    })
    await Promise.all(turns)
  }
  const isLight = (part: EndurePart): boolean => part.needs === undefined
  const [light, heavy] = [chosen.filter(isLight), chosen.filter((part) => !isLight(part))]
  if (given.amount === 'sample') await sideBySide([...heavy, ...light], availableParallelism() + 1)
  else {
    await sideBySide(light, availableParallelism())
    await sideBySide(heavy, 1)
  }
  return chosen.flatMap((part) => rows.get(part.name) ?? [])
}

async function runAsParent(): Promise<void> {
  const names = parts.map((part) => part.name)
  const given = endureArguments(process.argv.slice(2), names)

  const chosen = parts.filter((part) => (given.only?.includes(part.name) ?? true) && countIn(part, given) > 0)
  const page = chosen.some((part) => part.needs === 'page') ? await serveBuiltPage() : undefined
  const rows = await runAll(chosen, given, page).finally(() => page?.close())
  process.stdout.write(`${endureTable(rows)}\n`)
  const lines = rows.flatMap(failureLines)
  if (lines.length > 0) process.stdout.write(`\n${lines.join('\n')}\n`)
  const failures = rows.filter(({ result }) => result.failures.length > 0).length
  const skipped = rows.filter(({ result }) => result.failures.length === 0 && result.skipped !== undefined).length
  const timed = rows.map(({ part, seconds }) => ({ name: `endure: ${part.name}`, seconds }))
  if (given.json !== undefined)
    writeFileSync(
      given.json,
      JSON.stringify({ passed: rows.length - failures - skipped, failed: failures, skipped, timed, failures: lines }),
    )
  process.exitCode = failures > 0 ? 1 : 0
}

const own = process.env[partVariable]
if (own === undefined) await runAsParent()
else
  await runAsChild(own).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    process.exit(1)
  })
