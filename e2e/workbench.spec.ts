// Tests the data workbench from a messy set to a run that knows how its rows were made.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../src/cli/node/cache.mjs'
import { drop, expect, faults, fill, openDemo, test } from './studio'

/** Rows of the demo with every fault that the workbench knows: the training rows as a table of Windows-1252 with semicolons. */
async function messySet(folder: string): Promise<{ train: string; evaluation: string }> {
  const lines = (await readFile(join(root, 'public', 'demo', 'train.jsonl'), 'utf8')).split('\n').slice(0, 12)
  const rows = lines.map((line) => JSON.parse(line) as { prompt: string; completion: string })
  const [first, second, third] = rows
  const messy = [
    ...rows,
    first,
    { ...second, completion: third.completion },
    { ...third, completion: '' },
    { prompt: 'Caf\u00e9 Ol\u00e9 is\u00a0good.', completion: 'inform(name[Caf\u00e9 Ol\u00e9])' },
  ]
  const table = [['prompt', 'completion'], ...messy.map((row) => [row.prompt, row.completion])]
  const csv = table.map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(';')).join('\r\n')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'messy.csv'), Buffer.from(csv, 'latin1'))
  // The same question in both parts is a leak.
  await writeFile(
    join(folder, 'valid.jsonl'),
    [rows[4], { ...rows[5], prompt: 'Another question.' }].map((row) => `${JSON.stringify(row)}\n`).join(''),
  )
  return { train: join(folder, 'messy.csv'), evaluation: join(folder, 'valid.jsonl') }
}

test('a messy set is cleaned, trained on, and its recipe is found in the run', async ({ studio }) => {
  const { train, evaluation } = await messySet(test.info().outputDir)
  const totals = studio.getByTestId('bench-totals')
  const steps = studio.getByTestId('recipe-step')
  await studio.locator('a[href="#data"]').click()
  await drop(studio, [train, evaluation])
  await expect(studio.getByTestId('bench-file')).toHaveCount(2)
  await expect(totals).toContainText('16')
  for (const step of ['clean-characters', 'drop-empty', 'drop-duplicates', 'drop-contradictions', 'drop-leaks'])
    await studio.locator('#add-step').selectOption(step)
  await expect(steps.nth(0)).toContainText('1 edited')
  await expect(steps.nth(2)).toContainText('1 dropped')
  await expect(steps.nth(4)).toContainText('dropped')
  await steps.nth(0).getByText('Look at these rows').click()
  await expect(steps.nth(0).locator('del')).toHaveText('[U+00A0]')
  expect(await faults(studio)).toEqual([])
  for (let i = 0; i < 2; i++) await studio.getByRole('button', { name: 'Undo' }).click()
  await expect(steps).toHaveCount(3)
  await expect(totals).toContainText('14')
  for (let i = 0; i < 2; i++) await expect(studio.getByTestId('copy-bench').nth(i)).toHaveAttribute('data-status', 'kept')
  // The record is written a moment after the last change.
  await studio.waitForTimeout(300)
  await studio.reload()
  await expect(steps).toHaveCount(3)
  await expect(totals).toContainText('14')
  await studio.getByRole('link', { name: 'Set up' }).click()
  await openDemo(studio, 2)
  await studio.locator('a[href="#data"]').click()
  // The demo's model maps the rows; what is picked there becomes a step, which is taken back.
  await studio.getByTestId('map-make').click()
  await expect(studio.getByTestId('map-about')).toContainText('16 of 16 rows, placed by', { timeout: 60_000 })
  const canvas = studio.getByTestId('map-canvas')
  const { width, height } = (await canvas.boundingBox())!
  await canvas.dragTo(canvas, { sourcePosition: { x: 1, y: 1 }, targetPosition: { x: width - 2, y: height - 2 } })
  await expect(studio.getByTestId('map-picked')).toHaveText('16 rows picked')
  await studio.getByTestId('map-rows').getByRole('checkbox').first().click()
  await expect(studio.getByTestId('map-picked')).toHaveText('15 rows picked')
  expect(await faults(studio)).toEqual([])
  await studio.getByTestId('map-drop').click()
  await expect(steps.nth(3)).toContainText('15 dropped')
  await studio.getByRole('button', { name: 'Undo' }).click()
  await expect(totals).toContainText('14')
  await studio.getByTestId('use-rows').click()
  await expect(studio.getByTestId('data-summary')).toContainText('14', { timeout: 60_000 })
  await fill(studio, { steps: 1 })
  await studio.getByTestId('train-start').click()
  await expect(studio.getByTestId('run-status')).toHaveAttribute('data-status', 'finished', { timeout: 120_000 })
  await studio.reload()
  await studio.locator('a[href="#library"]').click()
  const recipe = studio.getByTestId('recipe-of-run')
  await recipe.locator('summary').click()
  await expect(recipe).toContainText('Made from messy.csv, valid.jsonl')
  await expect(recipe.locator('li')).toHaveText(['1. Clean characters', '2. Drop empty rows', '3. Drop duplicates'])
})
