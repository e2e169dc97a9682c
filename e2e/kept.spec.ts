// Models and data that were opened once are opened again from the Library with one click, after a reload: the demo's always, and a real
// model where it is. A full storage and a damaged copy are named.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright/test'
import { root } from '../src/cli/node/cache.mjs'
import type { DemoPlan } from '../src/store/demo'
import { drop, expect, faults, fill, shared, test } from './studio'

const demo = join(root, 'public', 'demo')
const plan: DemoPlan = JSON.parse(readFileSync(join(demo, 'demo.json'), 'utf8'))
const demoModel = plan.model.map((name) => join(demo, name))
const item = (page: Page, kind: string) => page.locator(`[data-testid="kept-item"][data-kind="${kind}"]`)
const copyOf = (page: Page, of: string) => page.getByTestId(`copy-${of}`)

async function openAgain(page: Page, kind: string): Promise<void> {
  await page.goto('./#library')
  await item(page, kind)
    .getByRole('button', { name: /^Open / })
    .click()
}

/** Trains two steps and waits for the adapter. */
async function trainTwoSteps(page: Page, maxLength: number): Promise<void> {
  await fill(page, { steps: 2, maxLength, batchSize: 1, evalEvery: 0 })
  await page.getByTestId('train-start').click()
  await expect(page.getByTestId('run-row').first()).toHaveAttribute('data-status', 'finished', { timeout: 400_000 })
}

test('a small model and its data are kept without asking; after a reload one click opens each, they train, and an archive brings them back', async ({
  studio,
}) => {
  await drop(studio, demoModel)
  await expect(copyOf(studio, 'model')).toHaveText(/^A copy is kept in this browser/, { timeout: 60_000 })
  await drop(studio, [join(demo, plan.train)])
  await expect(copyOf(studio, 'data')).toHaveText(/^A copy is kept in this browser/, { timeout: 60_000 })
  await studio.reload()
  await openAgain(studio, 'model')
  await expect(studio.getByTestId('model-summary')).toContainText(/llama/i, { timeout: 60_000 })
  await openAgain(studio, 'data')
  await expect(studio.getByTestId('data-summary')).toContainText(/\d/, { timeout: 60_000 })
  await expect(copyOf(studio, 'model')).toHaveText(/^A copy is kept/)
  await trainTwoSteps(studio, 64)
  await studio.goto('./#library')
  await expect(studio.getByTestId('kept-item')).toHaveCount(2)
  expect(await faults(studio)).toEqual([])
  const [archive] = await Promise.all([studio.waitForEvent('download'), studio.getByTestId('archive-write').click()])
  await item(studio, 'model')
    .getByRole('button', { name: /^Delete the copy/ })
    .click()
  await expect(studio.getByRole('dialog')).toContainText(/The run LoRA 1 uses it/)
  await studio.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await expect(item(studio, 'model')).toHaveCount(0)
  await studio.reload()
  await studio.goto('./#library')
  await expect(studio.getByTestId('kept-item')).toHaveCount(1)
  await studio.getByTestId('archive-input').setInputFiles(await archive.path())
  const done = studio.getByTestId('archive-done')
  await expect(done).toHaveText('Taken in: 1 model, 0 datasets and 0 runs. 2 more were here already.', { timeout: 60_000 })
  await openAgain(studio, 'model')
  await expect(studio.getByTestId('model-summary')).toContainText(/llama/i, { timeout: 60_000 })
})

test('a storage without room keeps nothing and says so; the model stays loaded', async ({ studio }) => {
  const session = await studio.context().newCDPSession(studio)
  const origin = new URL(studio.url()).origin
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 << 20 })
  await drop(studio, demoModel)
  await expect(studio.getByTestId('model-summary')).toContainText(/llama/i, { timeout: 60_000 })
  await expect(studio.getByTestId('error-message')).toContainText('expected room for it, got a full storage', { timeout: 60_000 })
  await session.send('Storage.overrideQuotaForOrigin', { origin })
  expect(
    await studio.evaluate(async () => {
      const kept = await (await navigator.storage.getDirectory()).getDirectoryHandle('kept')
      const names: string[] = []
      for await (const name of kept.keys()) names.push(name)
      return names
    }),
  ).toEqual([])
  await studio.reload()
  await studio.goto('./#library')
  await expect(studio.getByTestId('kept-section')).toContainText('No model or dataset is kept yet.')
})

test('a copy whose bytes have changed is named and not loaded', async ({ studio }) => {
  await drop(studio, demoModel)
  await expect(copyOf(studio, 'model')).toHaveText(/^A copy is kept/, { timeout: 60_000 })
  await studio.evaluate(async () => {
    const kept = await (await navigator.storage.getDirectory()).getDirectoryHandle('kept')
    for await (const folder of kept.values()) {
      const files = folder as FileSystemDirectoryHandle
      for await (const file of files.values()) {
        const handle = file as FileSystemFileHandle
        const { size } = await handle.getFile()
        // The weights are the largest file.
        if (size < 2 ** 20) continue
        const writer = await handle.createWritable({ keepExistingData: true })
        await writer.write({ type: 'write', position: size - 1000, data: new Uint8Array(9).fill(77) })
        await writer.close()
      }
    }
  })
  await studio.reload()
  await openAgain(studio, 'model')
  await expect(studio.getByTestId('error-message')).toContainText(/safetensors: expected the bytes that were kept, got others in megabyte/)
  await expect(studio.getByTestId('model-summary')).toHaveCount(0)
})

const folder = join(shared, 'models', 'SmolLM2-135M-Instruct')

test('a real model: offered with its size, kept, opened again with one click, trained two steps', async ({ studio }) => {
  test.skip(!existsSync(folder), `${folder} is not on this machine`)
  test.setTimeout(900_000)
  await drop(studio, [join(folder, 'SmolLM2-135M-Instruct.Q4_1.gguf')])
  await expect(copyOf(studio, 'model')).toContainText(/Keep a copy in this browser\? It takes 93\.8 MiB\. .* is free\./, {
    timeout: 120_000,
  })
  await studio.getByRole('button', { name: 'Keep a copy', exact: true }).click()
  await expect(copyOf(studio, 'model')).toHaveText(/^A copy is kept/, { timeout: 120_000 })
  // Few rows, because all held-out rows are evaluated, and only their ends, since the software adapter takes seconds for a hundred tokens.
  const few = test.info().outputPath('few.jsonl')
  const lines = readFileSync(join(folder, 'train_rows.jsonl'), 'utf8').split('\n').slice(0, 10)
  const ends = lines.map((line) => {
    const { input_ids, labels } = JSON.parse(line) as Record<'input_ids' | 'labels', number[]>
    return JSON.stringify({ input_ids: input_ids.slice(-32), labels: labels.slice(-32) })
  })
  writeFileSync(few, ends.join('\n'))
  await drop(studio, [few])
  await expect(copyOf(studio, 'data')).toHaveText(/^A copy is kept/, { timeout: 120_000 })
  await studio.reload()
  await openAgain(studio, 'model')
  await expect(studio.getByTestId('model-summary')).toContainText(/llama/i, { timeout: 120_000 })
  await openAgain(studio, 'data')
  await expect(studio.getByTestId('data-summary')).toContainText(/\d/, { timeout: 120_000 })
  await trainTwoSteps(studio, 32)
})
