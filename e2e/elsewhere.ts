// What was trained on the page leaves it for other programs and engines, and what they have trained comes home.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { unzipSync } from 'fflate'
import type { Page } from 'playwright/test'
import { drop, expect, test } from './studio'

/** By their paths in a zip. */
type Files = Record<string, Uint8Array>
const textIn = (files: Files, path: string): string => new TextDecoder().decode(files[path])
const jsonIn = (files: Files, path: string) => JSON.parse(textIn(files, path))
const linesIn = (files: Files, path: string) =>
  textIn(files, path)
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))

/** Exports the newest run of the library, and returns the files below the only folder in the zip. */
async function exported(page: Page, target: 'ollama' | 'mlx' | 'run'): Promise<{ name: string; files: Files }> {
  const card = page.getByTestId('library-card').first()
  await card.getByTestId('export-target').selectOption(target)
  const [download] = await Promise.all([page.waitForEvent('download', { timeout: 60_000 }), card.getByTestId('export-run').click()])
  const name = download.suggestedFilename().replace('.zip', '')
  const files = Object.entries(unzipSync(await readFile(await download.path())))
  expect(files.filter(([path]) => !path.startsWith(`${name}/`))).toEqual([])
  return { name, files: Object.fromEntries(files.map(([path, bytes]) => [path.slice(name.length + 1), bytes])) }
}

/** Exports the newest run for every target. Returns the export for other engines. */
export async function sendOut(page: Page): Promise<{ name: string; files: Files }> {
  await page.locator('a[href="#library"]').click()
  await page.getByTestId('export-open').click()
  const ollama = await exported(page, 'ollama')
  expect(Object.keys(ollama.files).toSorted()).toEqual(['Modelfile', 'adapter.gguf'])
  expect(textIn(ollama.files, 'Modelfile')).toMatch(/^FROM .*\nADAPTER \.\/adapter\.gguf$/m)
  expect(new TextDecoder().decode(ollama.files['adapter.gguf'].subarray(0, 4))).toBe('GGUF')
  const mlx = await exported(page, 'mlx')
  expect(Object.keys(mlx.files).toSorted()).toEqual(['adapter_config.json', 'adapters.safetensors'])
  expect(jsonIn(mlx.files, 'adapter_config.json')).toMatchObject({ fine_tune_type: 'lora', lora_parameters: { rank: 8 } })

  const run = await exported(page, 'run')
  const { files } = run
  const { method, steps, training, firstLoss, summary } = jsonIn(files, 'settings.json')
  expect({ method, steps, batch: training.batchSize }).toEqual({ method: 'lora', steps: 3, batch: 2 })
  expect(firstLoss).toBeCloseTo(9.6, 0)
  expect(summary.config.training).toEqual(training)
  const rows = linesIn(files, 'data/train.jsonl')
  const order: number[][] = linesIn(files, 'data/order.jsonl')
  expect(order.map((places) => places.length)).toEqual([2, 2, 2])
  for (const place of order.flat()) expect(rows[place].labels.filter((label: number) => label !== -100).length).toBeGreaterThan(0)
  expect(linesIn(files, 'data/eval.jsonl')).toHaveLength(4)
  const own = ['accelerate/train.py', 'ray/ray_train.py', 'llamafactory/run.yaml', 'axolotl/run.yaml', 'start/adapter_model.safetensors']
  expect(Object.keys(files)).toEqual(expect.arrayContaining(own))
  return run
}

/** What an engine has trained. It is not what was trained here, so that the curves can be told apart. */
const losses = { accelerate: [9.5, 8.25, 7.125], llamafactory: [9.375, 8.5, 7.375] }
const evalLoss = { accelerate: 6.5, llamafactory: 6.75 }

/** `accelerate/result` as `home.py` writes it, and `llamafactory/result` as LLaMA-Factory does: it adds to the files that the export has put there. */
function results(files: Files, adapter: Files): Files {
  const inAdapter = (name: string) => adapter[Object.keys(adapter).find((path) => path.endsWith(`/${name}`))!]
  const text = (value: string) => new TextEncoder().encode(value)
  const lines = (all: readonly object[]) => text(all.map((line) => `${JSON.stringify(line)}\n`).join(''))
  const steps = losses.accelerate.length
  const ours = losses.accelerate.map((loss, i) => ({
    step: i + 1,
    steps,
    loss,
    learningRate: 0.005,
    gradNorm: 2.5,
    clipFactor: 0.4,
    tokens: 40,
    totalTokens: 80 * (i + 1),
    tokensPerSecond: 90.5,
    elapsedMs: 900 * (i + 1),
  }))
  const last = { step: steps, evalLoss: evalLoss.accelerate, evalPerplexity: Math.exp(evalLoss.accelerate) }
  const { summary } = jsonIn(files, 'settings.json')
  const theirs = losses.llamafactory.map((loss, i) => ({
    current_steps: i + 1,
    total_steps: steps,
    loss,
    lr: 0.005,
    epoch: 0.1,
    percentage: 33.33,
    elapsed_time: `0:00:0${i}`,
    remaining_time: '0:00:00',
  }))
  const measured = { current_steps: steps, total_steps: steps, eval_loss: evalLoss.llamafactory, elapsed_time: '0:00:04' }
  const both = Object.fromEntries(
    Object.keys(losses).flatMap((engine) =>
      ['adapter_config.json', 'adapter_model.safetensors'].map((name) => [`${engine}/result/${name}`, inAdapter(name)]),
    ),
  )
  return {
    ...both,
    'accelerate/result/tabtune.json': files['start/tabtune.json'],
    'accelerate/result/run.json': text(
      JSON.stringify({ ...summary, status: 'finished', finalEval: last, bestEval: last, elapsedMs: 2700 }),
    ),
    'accelerate/result/metrics.jsonl': lines([...ours, last]),
    'llamafactory/result/trainer_log.jsonl': lines([...theirs, measured]),
  }
}

/** The exported folder comes home with the results of two engines, which stand beside the run that was trained here. Leads to the library. */
export async function comeHome(page: Page, { name, files }: { name: string; files: Files }, adapter: Files): Promise<void> {
  const folder = test.info().outputPath(name)
  for (const [path, bytes] of Object.entries({ ...files, ...results(files, adapter) })) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), bytes)
  }
  await drop(page, [folder])
  const names = [`${name} accelerate`, `${name} llamafactory`]
  for (const one of names) await expect(page.getByTestId('import-notice')).toContainText(one)
  const cards = page.getByTestId('library-card')
  await expect(cards).toHaveCount(3)
  for (const one of names) {
    const card = cards.filter({ hasText: one })
    await expect(card.locator('.sparkline')).toBeVisible()
    await expect(card).toHaveAttribute('data-status', 'imported')
  }

  await page.locator('a[href="#train"]').click()
  const chart = page.getByTestId('chart-loss')
  await chart.getByRole('button', { name: 'Table of Training loss' }).click()
  const heads = await chart.locator('thead th').allInnerTexts()
  const cells = await Promise.all((await chart.locator('tbody tr').all()).map((row) => row.locator('th, td').allInnerTexts()))
  for (const [i, engine] of (['accelerate', 'llamafactory'] as const).entries()) {
    const column = heads.indexOf(names[i])
    expect(cells.map((row) => [row[0], Number(row[column])])).toEqual(losses[engine].map((loss, step) => [String(step + 1), loss]))
    const row = page.getByTestId('run-row').filter({ hasText: names[i] })
    await expect(row).toContainText(Math.exp(evalLoss[engine]).toFixed(1))
  }
  await chart.getByRole('button', { name: 'Table of Training loss' }).click()
  await page.locator('a[href="#library"]').click()
}
