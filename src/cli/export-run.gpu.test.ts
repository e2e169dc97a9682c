// A run of ten steps, exported and taken again by the Accelerate script. A Python with torch, transformers, peft and accelerate is named by
// TABTUNE_PYTHON or found as python3; without one, only the export is tested.
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { pythonWithPeft } from '../testing/python'
import { exportRun } from './commands/export-run'
import { train } from './commands/train'
import { Options } from './options'

const folder = mkdtempSync(join(tmpdir(), 'tabtune-elsewhere-'))
const at = (path: string) => join(folder, path)
const options = (command: string, given: Record<string, string | number>) =>
  new Options([command, ...Object.entries(given).map(([name, value]) => `--${name}=${value}`)])
const exported = (given: Record<string, string>) => exportRun(options('export-run', { run: at('run'), ...given }))
const python = pythonWithPeft(['accelerate'])

interface Line {
  step: number
  loss?: number
  evalPerplexity?: number
}
const curve = (path: string) =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line)

beforeAll(async () => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  copyFileSync('public/demo/train.jsonl', at('rows.jsonl'))
  const sizes = { steps: 10, batch: 4, length: 64, warmup: 0, lr: 0.005, accumulate: 2, 'eval-rows': 8, 'weight-decay': 0.1 }
  const files = { model: 'public/demo', data: at('rows.jsonl'), eval: 'public/demo/heldout.jsonl', out: at('run') }
  await train(options('train', { method: 'lora', ...files, ...sizes }))
  await exported({ out: at('x') })
}, 300_000)
afterEach(() => vi.restoreAllMocks())
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test(
  'a missing file, other rows, a changed record and a filled folder are refused by name, and nothing is written',
  { timeout: 120_000 },
  async () => {
    await expect(exported({ out: at('y'), data: at('gone.jsonl') })).rejects.toThrow(`there is no data rows.jsonl at ${at('gone.jsonl')}`)
    await expect(exported({ out: at('y'), model: at('gone') })).rejects.toThrow(`there is no base demo at ${at('gone')}`)
    await expect(exported({ out: at('run') })).rejects.toThrow('--out: expected a new or an empty folder')
    const rows = readFileSync(at('rows.jsonl'), 'utf8')
    const source = readFileSync(at('run/source.json'), 'utf8')
    const changed = source.replace(/(?<="fingerprint": ")[0-9a-f]{4}/, 'beef')
    expect(changed).not.toBe(source)
    writeFileSync(at('run/source.json'), changed)
    await expect(exported({ out: at('y') })).rejects.toThrow(/model\.fingerprint is beef[0-9a-f]{60}, but [0-9a-f]{64} in run\.json/)
    writeFileSync(at('run/source.json'), source)
    writeFileSync(at('fewer.jsonl'), rows.slice(rows.indexOf('\n') + 1))
    await expect(exported({ out: at('y'), data: at('fewer.jsonl') })).rejects.toThrow('that the run was trained with, but the')
    expect(existsSync(at('y'))).toBe(false)
  },
)

test.skipIf(!python)('Accelerate takes the same ten steps', { timeout: 600_000 }, () => {
  const given = ['train.py', '--cpu', '--base', resolve('public/demo'), '--rows', '3', '--out', at('result')]
  execFileSync(python!, given, { cwd: at('x/accelerate'), stdio: 'pipe' })
  const [ours, theirs] = [curve(at('run/metrics.jsonl')), curve(at('result/metrics.jsonl'))]
  expect(theirs.map(({ step, loss }) => [step, loss === undefined])).toEqual(ours.map(({ step, loss }) => [step, loss === undefined]))
  const apart = ours.flatMap(({ loss }, i) => (loss === undefined ? [] : [Math.abs(theirs[i].loss! - loss)]))
  expect(apart[0]).toBeLessThan(1e-4)
  expect(Math.max(...apart)).toBeLessThan(1e-2)
  const [last, theirLast] = [ours, theirs].map((lines) => lines.at(-1)!.evalPerplexity!)
  expect(Math.abs(theirLast / last - 1)).toBeLessThan(0.02)
  const kept = ['adapter_config.json', 'adapter_model.safetensors', 'metrics.jsonl', 'run.json', 'tabtune.json']
  expect(readdirSync(at('result')).toSorted()).toEqual(kept)
})
