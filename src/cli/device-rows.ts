// Result files of the benchmark (src/config/device-file.ts) come from strangers: they are checked, and become rows of docs/devices.md.
import { readFile, stat } from 'node:fs/promises'
import * as v from 'valibot'
import { type BenchModel, benchBounds, benchClocks, benchParts, sizeText } from '../config/bench-models'
import { markdownTable, short } from '../config/bench-table'
import { type DeviceFile, mostAdapterName, mostDeviceName, mostMachineName, tableCharacters } from '../config/device-file'
import { FormatError } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import { precisions } from '../measure/precisions'
import { realModels } from '../measure/workloads'

const mostBytes = 2 ** 20
/** Numbers of a file are rounded to four digits. */
const tolerance = 0.01

/** Text that stays in its cell of a table. */
const line = (most: number) => v.pipe(v.string(), v.maxLength(most, `at most ${most} characters`), v.regex(new RegExp(`^[^${tableCharacters}]*$`, 'u'), 'one line of plain words, without | < > ` [ ]')) // prettier-ignore
const amount = v.pipe(v.number('a number'), v.finite('a finite number'), v.minValue(0, 'at least 0'))
const positive = v.pipe(amount, v.gtValue(0, 'more than 0'))
const whole = v.pipe(amount, v.integer('a whole number'))
const names = <T extends string>(all: readonly T[]) => v.picklist(all, `one of ${all.join(', ')}`)

const which = {
  workload: names(realModels.map(({ name }) => name)),
  precision: names(precisions.map(({ name }) => name)),
  batch: v.pipe(whole, v.gtValue(0, 'more than 0')),
  length: v.pipe(whole, v.gtValue(0, 'more than 0')),
}

const schema: v.GenericSchema<unknown, DeviceFile> = v.strictObject({
  tabtuneDevice: v.literal(1, '1'),
  device: line(mostDeviceName),
  date: v.pipe(v.string(), v.isoDate('a date such as 2026-11-30')),
  adapter: v.pipe(line(mostAdapterName), v.minLength(1, 'a name')),
  machine: line(mostMachineName),
  ceilings: v.strictObject({ multiplyAddGflops: positive, copyGBps: positive, matmulGflops: positive, launchUs: positive }),
  measured: v.pipe(
    v.array(
      v.strictObject({
        ...which,
        model: v.literal('random weights', 'random weights'),
        tokensPerSecond: positive,
        ms: positive,
        cpuMs: v.optional(amount),
        gflop: positive,
        gflops: positive,
        dispatches: whole,
        submits: whole,
        hostMs: amount,
        planBytes: whole,
        peakBytes: whole,
        compileMs: amount,
        firstMs: amount,
        share: positive,
        clock: names(benchClocks),
        parts: v.pipe(
          v.array(
            v.strictObject({
              part: names(benchParts),
              launches: whole,
              ms: amount,
              gflop: amount,
              gb: amount,
              share: amount,
              bound: names(benchBounds),
            }),
          ),
          v.minLength(1, 'at least one part'),
        ),
      }),
    ),
    v.minLength(1, 'at least one model'),
    v.maxLength(100, 'at most 100 models'),
  ),
  leftOut: v.pipe(v.array(v.strictObject({ ...which, reason: v.string() })), v.maxLength(100, 'at most 100 models')),
})

const refused = (name: string, expected: Phrase): FormatError =>
  new FormatError(say`${name}: expected ${expected}. Use the file as the benchmark made it.`)

const near = (a: number, b: number): boolean => Math.abs(a - b) <= tolerance * Math.max(a, b)

/** What contradicts itself in a file whose values are all possible; undefined if nothing does. */
function contradiction({ ceilings, measured }: DeviceFile): Phrase | undefined {
  for (const [i, m] of measured.entries()) {
    const steadyMs = m.cpuMs ?? m.ms
    if (!near(m.tokensPerSecond, (m.batch * m.length * 1000) / m.ms))
      return say`measured.${i}.tokensPerSecond to be the tokens of a step divided by its time`
    if (!near(m.gflops, (m.gflop * 1000) / m.ms)) return say`measured.${i}.gflops to be the work of a step divided by its time`
    const parts = m.parts.reduce((sum, part) => sum + part.ms, 0)
    // Parts that are measured one by one may take longer together than the step.
    if (parts < steadyMs * (1 - tolerance) || parts > 2 * steadyMs) return say`the parts of measured.${i} to take as long as its step`
    if (m.gflops > ceilings.multiplyAddGflops) return say`measured.${i} to be no faster than multiply-adds in registers`
  }
  return undefined
}

/** The file at `path`. @throws FormatError naming the file and what is odd in it */
export async function readDeviceFile(path: string): Promise<DeviceFile> {
  const found = await stat(path).catch(() => undefined)
  if (!found?.isFile()) throw new FormatError(say`${path}: there is no such file. Check the path.`)
  if (found.size > mostBytes) throw refused(path, say`at most ${mostBytes} bytes, got ${found.size}`)
  let json: unknown
  try {
    json = JSON.parse(await readFile(path, 'utf8'))
  } catch {
    throw refused(path, say`JSON, got other text`)
  }
  const parsed = v.safeParse(schema, json, { abortEarly: true, abortPipeEarly: true })
  if (!parsed.success) {
    const [issue] = parsed.issues
    const got = issue.input === undefined ? 'none' : JSON.stringify(issue.input).slice(0, 60)
    const expected = issue.type !== 'strict_object' ? issue.message : issue.expected === 'never' ? 'absent' : 'there'
    throw refused(path, say`${v.getDotPath(issue) ?? 'the file'} to be ${expected}, got ${got}`)
  }
  const odd = contradiction(parsed.output)
  if (odd) throw refused(path, odd)
  return parsed.output
}

const browsers = [
  /(?<name>Edg|OPR|Firefox)\/(?<version>\d+)/,
  /Version\/(?<version>\d+).* (?<name>Safari)/,
  /(?<name>Chrome)\/(?<version>\d+)/,
]
/** In this order, since Android also says Linux, and an iPhone says Mac OS X. */
const systems = ['Windows', 'Android', 'iPhone', 'iPad', 'CrOS', 'Mac OS X', 'Linux']

/** Browser and system of a user agent; anything else as it is. */
function machineText(machine: string): string {
  if (!machine.startsWith('Mozilla/')) return machine
  const found = browsers.map((browser) => browser.exec(machine)?.groups).find((groups) => groups !== undefined)
  const name = found?.name === 'Edg' ? 'Edge' : found?.name === 'OPR' ? 'Opera' : found?.name
  return [name ?? 'a browser', found?.version, 'on', systems.find((system) => machine.includes(system)) ?? 'another system']
    .filter(Boolean)
    .join(' ')
}

/** One size of a model: its rate, how near the best dense product it comes, and its longest part. */
function modelText(m: BenchModel): string {
  const [longest] = m.parts
  const whole = m.parts.reduce((sum, part) => sum + part.ms, 0)
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`
  return `**${short(m.tokensPerSecond)}** (${sizeText(m)}, ${m.precision}); ${percent(m.share)}; ${longest.part} ${percent(longest.ms / whole)}`
}

const modelNames = realModels.map(({ name }) => name)

function row({ device, adapter, machine, date, ceilings, measured, leftOut }: DeviceFile): string[] {
  const models = modelNames.map((name) => {
    const sizes = measured.filter(({ workload }) => workload === name).map(modelText)
    return sizes.length ? sizes.join('<br>') : leftOut.some(({ workload }) => workload === name) ? 'left out' : '–'
  })
  const { multiplyAddGflops, matmulGflops, copyGBps, launchUs } = ceilings
  const rates = `${short(multiplyAddGflops)} / ${short(matmulGflops)} GFLOP/s<br>${short(copyGBps)} GB/s<br>${short(launchUs)} µs`
  return [[device, adapter].filter(Boolean).join('<br>'), `${machineText(machine)}<br>${date}`, rates, ...models]
}

/** The rows of docs/devices.md under their head, in Markdown. */
export function deviceTable(files: readonly DeviceFile[]): string {
  const head = ['device', 'program and date', 'ceilings', ...modelNames]
  return markdownTable({ head, rows: files.map(row), words: head.length })
}
