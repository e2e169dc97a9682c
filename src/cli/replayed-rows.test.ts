import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { defaults } from '../config/field'
import { defaultTraining } from '../config/run-config'
import type { DataSource } from '../data/data-source'
import { readFile } from '../recipe/read'
import { methodNamed } from '../peft/registry'
import { Options } from './options'
import { dataOfRun } from './replayed-rows'
import { interruptedRun, runFolder } from './run-folder'

const folder = mkdtempSync(join(tmpdir(), 'replayed-'))
const file = (name: string, rows: readonly unknown[]): string => {
  const path = join(folder, name)
  writeFileSync(path, rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n'))
  return path
}
const rowsNamed = (name: string, count: number) => Array.from({ length: count }, (_, i) => ({ prompt: `${name} ${i}`, completion: 'x' }))
const promptsIn = async (source: DataSource | undefined) =>
  source ? (await readFile(source, 'train')).rows.map(({ value }) => String(value.prompt)) : []

const data = file('new.jsonl', rowsNamed('new', 20))
const old = file('old.jsonl', rowsNamed('old', 30))
const optionsOf = (given: Record<string, string | number>) =>
  new Options(['train', ...Object.entries(given).map(([name, value]) => `--${name}=${value}`)])

const said = () => vi.spyOn(process.stderr, 'write').mockReturnValue(true)
afterEach(() => vi.restoreAllMocks())

describe('--replay', () => {
  it('mixes a fifth of the number of new rows in, after new rows are held out', async () => {
    said()
    const found = await dataOfRun(optionsOf({ data, replay: old }), { holdOut: 0.25, seed: 3 })
    const [trained, held] = [await promptsIn(found.data), await promptsIn(found.evaluation)]
    expect(held).toHaveLength(5)
    expect([...held, ...trained.slice(0, 15)].sort()).toEqual(
      rowsNamed('new', 20)
        .map(({ prompt }) => prompt)
        .sort(),
    )
    expect(trained.slice(15).every((prompt) => prompt.startsWith('old'))).toBe(true)
    expect(found.replay).toEqual({ name: 'old.jsonl', rows: 3, share: 0.2 })
    expect((await readFile(found.data, 'train')).rows.at(-1)?.origin).toMatchObject({ by: 'file', file: 'old.jsonl' })
  })

  it('takes no row that a held-out set has, and says so', async () => {
    const write = said()
    const [evaluation, oldEvaluation] = [file('eval.jsonl', rowsNamed('old', 4)), file('old-eval.jsonl', rowsNamed('old', 10))]
    const found = await dataOfRun(optionsOf({ data, replay: old, 'replay-share': 5, eval: evaluation, 'eval-old': oldEvaluation }), {
      seed: 0,
    })
    expect((await promptsIn(found.data)).slice(20)).toEqual(
      rowsNamed('old', 30)
        .map(({ prompt }) => prompt)
        .slice(10),
    )
    const lines = write.mock.calls.map(([text]) => String(text)).join('')
    expect(lines).toContain('old.jsonl: 20 of 30 rows mixed in, fewer than the 100 that were asked for.\n')
    expect(lines).toContain('old.jsonl: rows that are not mixed in because they are held out: 10.\n')
  })

  it.each([
    [
      { 'replay-share': 0 },
      'old.jsonl',
      [],
      '--replay-share: expected a number of old rows for each new one, above 0 and at most 100, got 0',
    ],
    [
      {},
      'other.jsonl',
      [{ question: 'q', answer: 'a' }],
      'like the new ones, prompt-completion (prompt, completion), got prompt-completion (question, answer)',
    ],
    [
      {},
      'broken.jsonl',
      [{ prompt: 'a', completion: 'b' }, 'nonsense'],
      'broken.jsonl: expected a row on every line, got 1 that are not (line 2: not JSON',
    ],
  ])('refuses %j with %s', async (more, name, rows, words) => {
    const replay = rows.length ? file(name, rows) : old
    await expect(dataOfRun(optionsOf({ data, replay, ...more }), { seed: 0 })).rejects.toThrow(words)
  })

  it('is needed for a share', async () => {
    await expect(dataOfRun(optionsOf({ data, 'replay-share': 0.3 }), { seed: 0 })).rejects.toThrow('--replay-share needs --replay FILE')
  })

  it('is kept for --resume, with the loss of the old rows and the fingerprint of the starting values', async () => {
    const out = join(folder, 'out')
    const method = methodNamed('lora')
    const chosen = { method, settings: defaults(method.fields), training: defaultTraining(method.training) }
    await runFolder(out).begin(optionsOf({ data, replay: old, 'eval-old': old, out }), chosen, { oldLoss: 1.25, initial: 'abc' })
    const { options, oldLoss, initial } = await interruptedRun(out)
    expect([options.text('replay'), options.text('eval-old'), oldLoss, initial]).toEqual([old, old, 1.25, 'abc'])
  })
})
