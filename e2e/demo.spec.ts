// The demos. "Try the demo": after one click the adapter answers held-out rows that the base model cannot answer. Reading the data takes two seconds
// here, which is longer than the page waits after a change of the maximum length.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import type { Page } from 'playwright/test'
import { root } from '../src/cli/node/cache.mjs'
import type { DemoPlan } from '../src/store/demo'
import { countedPath, drop, expect, faults, slowData, test } from './studio'

const demo = join(root, 'public', 'demo')
const rows = 24

/** Fewer held-out rows and a single evaluation, since the software adapter would take a minute for them. The training stays as it is. */
async function fewerAnswers(page: Page): Promise<void> {
  const plan: DemoPlan = JSON.parse(readFileSync(join(demo, 'demo.json'), 'utf8'))
  const json = { ...plan, exactMatchRows: rows, training: { ...plan.training, evalEvery: 0 } }
  const body = readFileSync(join(demo, plan.heldout), 'utf8').split('\n').slice(0, rows).join('\n')
  await page.route('**/demo/demo.json', (route) => route.fulfill({ json }))
  await page.route(`**/demo/${plan.heldout}`, (route) => route.fulfill({ body }))
}

/** Names of the files in the zip that a button downloads. */
async function downloaded(page: Page, testId: string): Promise<string[]> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId(testId).click()])
  return Object.keys(unzipSync(readFileSync(await download.path()))).map((path) => path.replace(/^.*\//, ''))
}

/** The percentage in a text such as `96.9%`. */
function percent(text: string): number {
  return Number(/([\d.]+)\s*%/.exec(text)?.[1] ?? NaN)
}

test('one click trains the demo: exact match rises from near 0 % to above 80 %', async ({ studio }) => {
  test.setTimeout(720_000)
  await fewerAnswers(studio)
  await slowData(studio, 2000)
  const path = await countedPath(studio)
  await studio.getByTestId('demo-button').click()
  await expect(studio.getByTestId('exact-after')).toContainText('%', { timeout: 700_000 })
  expect(percent(await studio.getByTestId('exact-before').innerText())).toBeLessThanOrEqual(5)
  expect(percent(await studio.getByTestId('exact-after').innerText())).toBeGreaterThan(80)
  await expect(studio.getByTestId('run-row')).toHaveAttribute('data-status', 'finished')
  await expect(studio.getByTestId('demo-example')).toHaveCount(3)
  const files = await downloaded(studio, 'demo-download')
  await path.ends('empty page to the demo’s adapter', 4)
  expect(files).toContain('adapter_model.safetensors')
  expect((await downloaded(studio, 'demo-base')).toSorted()).toEqual(
    JSON.parse(readFileSync(join(demo, 'demo.json'), 'utf8')).model.toSorted(),
  )

  const words = await studio.getByTestId('demo-example').first().locator('p').first().innerText()
  await studio.getByTestId('demo-chat').click()
  await expect(studio.getByTestId('generate-prompt')).toHaveValue(words)
  await expect(studio.getByRole('group', { name: 'Models to ask' }).getByRole('button', { pressed: true })).toHaveCount(2)
})

test('own files become a downloaded adapter in at most seven actions, with the settings as they are', async ({ studio }) => {
  test.setTimeout(480_000)
  const few = readFileSync(join(demo, 'train.jsonl'), 'utf8').split('\n').slice(0, 48).join('\n')
  const data = { name: 'own.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from(few) }
  const plan: DemoPlan = JSON.parse(readFileSync(join(demo, 'demo.json'), 'utf8'))
  const path = await countedPath(studio)
  const guide = studio.getByTestId('guide')
  await studio.getByTestId('guide-begin').click()
  await path.choose(
    'guide-files',
    plan.model.map((name) => join(demo, name)),
  )
  await path.choose('guide-data', data)
  await studio.getByTestId('guide-start').click({ timeout: 60_000 })
  await expect(guide).toHaveAttribute('data-step', 'training')
  await expect(guide).toHaveAttribute('data-step', 'done', { timeout: 400_000 })
  expect(await downloaded(studio, 'guide-download')).toContain('adapter_model.safetensors')
  await path.ends('own files to an adapter', 7)
  await studio.getByTestId('guide-leave').click()
  await expect(guide).toHaveCount(0)
})

test('one click compares methods on pictures and names the best one; a language model does not read them', async ({ studio }) => {
  test.setTimeout(720_000)
  const plan: { comparison: string } = JSON.parse(readFileSync(join(demo, 'pictures', 'demo.json'), 'utf8'))
  // As it is, but with fewer steps, seeds and held-out pictures.
  const few = { steps: '3', shots: '2', batchSize: '4', warmup: '1', evalEvery: '0', evalRows: '12', vary: 'seed=0,1' }
  const comparison = new URLSearchParams({ ...Object.fromEntries(new URLSearchParams(plan.comparison)), ...few })
  await studio.route('**/demo/pictures/demo.json', (route) => route.fulfill({ json: { ...plan, comparison: comparison.toString() } }))
  await studio.getByTestId('picture-demo-button').click()
  await expect(studio.getByTestId('demo-panel')).toHaveAttribute('data-stage', 'done', { timeout: 600_000 })
  await expect(studio.getByTestId('demo-best')).toHaveText(/is best here: it sorts \d[\d.]*% of .* This is the mean of 2 seeds\.$/)
  await expect(studio.getByTestId('demo-accuracies').locator('dt')).toHaveText([
    'Base without an adapter',
    'LoRA, mean of 2 seeds',
    'Linear probe, mean of 2 seeds',
    'Visual prompt tuning, mean of 2 seeds',
  ])
  await expect(studio.getByTestId('comparison-row')).toHaveCount(1 + 3 * 3)
  const columns = studio.getByTestId('comparison-table').locator('thead')
  await expect(columns).toContainText('Pictures/s')
  await expect(columns).not.toContainText('Tokens/s')
  expect(await faults(studio)).toEqual([])

  const text: DemoPlan = JSON.parse(readFileSync(join(demo, 'demo.json'), 'utf8'))
  await drop(
    studio,
    text.model.map((path) => join(demo, path)),
  )
  await expect(studio.getByTestId('model-summary')).toContainText(/llama/i, { timeout: 60_000 })
  await expect(studio.getByTestId('error-message')).toContainText('drawings: expected rows of text for the language model')
  await studio.getByTestId('picture-model').click()
  await expect(studio.getByTestId('data-summary')).toContainText('156 pictures in 6 classes', { timeout: 120_000 })
})

test('one click compares zero shot with methods on a model that reads the names of the classes', async ({ studio }) => {
  test.setTimeout(400_000)
  const plan: { comparison: string } = JSON.parse(readFileSync(join(demo, 'clip', 'demo.json'), 'utf8'))
  // As it is, but without LoRA, and with fewer steps, seeds and held-out pictures.
  const few = {
    methods: 'coop,linear-probe',
    steps: '3',
    shots: '1',
    batchSize: '4',
    warmup: '1',
    evalEvery: '0',
    evalRows: '40',
    vary: 'seed=0,1',
  }
  const comparison = new URLSearchParams({ ...Object.fromEntries(new URLSearchParams(plan.comparison)), ...few })
  await studio.route('**/demo/clip/demo.json', (route) => route.fulfill({ json: { ...plan, comparison: comparison.toString() } }))
  await studio.getByTestId('word-demo-button').click()
  await expect(studio.getByTestId('demo-panel')).toHaveAttribute('data-stage', 'done', { timeout: 300_000 })
  const found = studio.getByTestId('demo-accuracies')
  await expect(found.locator('dt')).toHaveText(['Zero shot, without training', 'Linear probe, mean of 2 seeds', 'CoOp, mean of 2 seeds'])
  // Without any training; guessing would sort 12.5 % right.
  expect(percent(await found.locator('dd').first().innerText())).toBeGreaterThan(40)
  expect(await faults(studio)).toEqual([])
})

test('a demo whose data cannot be read says so', async ({ studio }) => {
  await studio.route('**/demo/train.jsonl', (route) => route.fulfill({ body: 'no rows' }))
  await studio.getByTestId('demo-button').click()
  await expect(studio.getByTestId('demo-panel')).toHaveAttribute('data-stage', 'failed', { timeout: 60_000 })
  await expect(studio.getByTestId('demo-panel').getByTestId('error-message')).toContainText(/train\.jsonl: expected at least one row/)
})
