// Training on new rows with old ones mixed in: what is measured, printed and kept.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { evaluate } from './commands/eval'
import { train } from './commands/train'
import { Options } from './options'

const folder = mkdtempSync(join(tmpdir(), 'new-data-'))
const file = (name: string, completions: readonly string[]): string => {
  const path = join(folder, name)
  writeFileSync(path, completions.map((completion, i) => JSON.stringify({ prompt: `${name} ${i}`, completion })).join('\n'))
  return path
}

afterEach(() => vi.restoreAllMocks())

it('measures both held-out sets before the first and after the last step, and says what is worse, then and later', async () => {
  const out = join(folder, 'out')
  const files = {
    data: file('new.jsonl', ['qqqq', 'zzzz']),
    eval: file('new-eval.jsonl', ['qqqq']),
    replay: file('old.jsonl', ['a red door', 'a blue door', 'a green door']),
    'eval-old': file('old-eval.jsonl', ['a red door']),
  }
  const settings = { model: 'public/demo', method: 'lora', 'replay-share': 0.5, steps: 1, batch: 2, length: 32, lr: 0.3, warmup: 0, out }
  const [stdout, stderr] = (['stdout', 'stderr'] as const).map((name) => vi.spyOn(process[name], 'write').mockReturnValue(true))
  await train(new Options(['train', ...Object.entries({ ...files, ...settings }).map(([name, value]) => `--${name}=${value}`)]))

  const lines = stdout.mock.calls.map(([text]) => JSON.parse(String(text)) as { step: number; data?: string; evalLoss?: number })
  const old = lines.filter(({ data }) => data === 'old-eval.jsonl')
  const own = lines.filter(({ data, evalLoss }) => data === undefined && evalLoss !== undefined)
  for (const evals of [old, own]) expect(evals.map(({ step }) => step)).toEqual([0, 1])
  const [before, after] = old.map(({ evalLoss }) => evalLoss!)
  expect(after).toBeGreaterThan(before)
  expect(stderr.mock.calls.map(([text]) => String(text)).join('')).toContain(
    `Forgetting: the loss on the held-out rows of old-eval.jsonl rose from ${before.toFixed(4)} to ${after.toFixed(4)}.`,
  )
  expect(JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'))).toMatchObject({
    data: { name: 'new.jsonl + old.jsonl', rows: 3, replay: { name: 'old.jsonl', rows: 1, share: 0.5 } },
    oldEval: { name: 'old-eval.jsonl', rows: 1, before: { evalLoss: before }, after: { evalLoss: after } },
    firstEval: { evalLoss: own[0].evalLoss },
    finalEval: { evalLoss: own[1].evalLoss },
  })
  // A better record than such a short training reaches.
  const ownFile = join(out, 'tabtune.json')
  const written = JSON.parse(readFileSync(ownFile, 'utf8')) as { evaluation: object }
  expect(written.evaluation).toMatchObject({ data: 'new-eval.jsonl', rows: 1, evalLoss: own[1].evalLoss })
  writeFileSync(ownFile, JSON.stringify({ ...written, evaluation: { ...written.evaluation, evalLoss: 0.5 } }))
  const data = file('newer.jsonl', ['a red door'])
  const measured = { model: 'public/demo', adapter: out, data, batch: 2, length: 32 }
  await evaluate(new Options(['eval', ...Object.entries(measured).map(([name, value]) => `--${name}=${value}`)]))
  const { loss } = JSON.parse(String(stdout.mock.lastCall?.[0])) as { loss: number }
  expect(String(stderr.mock.lastCall?.[0])).toContain(
    `The loss on newer.jsonl is ${loss.toFixed(4)}. It was 0.5000 on new-eval.jsonl at the end of the training.`,
  )
})
