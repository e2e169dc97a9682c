// Loads a dataset with unknown columns: its format is not detected, and the columns are mapped by hand.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright/test'
import { root } from '../src/cli/node/cache.mjs'
import { drop, expect, faults, openDemo, test } from './studio'

const demo = join(root, 'public', 'demo')

/** The demo's held-out rows with other column names. */
function renamed(name: string, row: (pair: { prompt: string; completion: string }, i: number) => Record<string, unknown>): string {
  const rows = readFileSync(join(demo, 'heldout.jsonl'), 'utf8').trim().split('\n').slice(0, 12)
  const path = test.info().outputPath(name)
  writeFileSync(path, rows.map((line, i) => JSON.stringify(row(JSON.parse(line) as { prompt: string; completion: string }, i))).join('\n'))
  return path
}

const summary = (page: Page) => page.getByTestId('data-summary')

test('a failed detection opens the mapping, and the former data stay until it is done', async ({ studio }) => {
  await openDemo(studio, 4)
  await expect(summary(studio)).toContainText('own file')
  const before = await summary(studio).innerText()
  await drop(studio, [
    renamed('ville.jsonl', ({ prompt, completion }, i) => ({ nr: `a${i}`, demande: prompt, genre: 'x', reponse: completion })),
  ])

  await expect(studio.getByTestId('mapping')).toHaveAttribute('open')
  await expect(studio.getByTestId('error-message')).toContainText(
    /ville\.jsonl could not be read. The data loaded before is still in use.*got columns nr, demande, genre, reponse/,
  )
  expect(await summary(studio).innerText()).toBe(before)
  await expect(studio.getByTestId('train-start')).toBeEnabled({ timeout: 60_000 })
  await expect(studio.getByTestId('map-prompt')).toHaveValue('demande')
  await expect(studio.getByTestId('map-completion')).toHaveValue('reponse')
  const rows = studio.getByTestId('mapped-rows').locator('li')
  await expect(rows).toHaveCount(3)
  await expect(rows.first().locator('dl').last()).toContainText('Completion')

  await studio.getByTestId('map-completion').selectOption('')
  await expect(rows.first()).toContainText('Choose the missing columns.')
  await expect(studio.getByTestId('map-apply')).toBeDisabled()
  await studio.getByTestId('map-completion').selectOption('reponse')
  await studio.getByTestId('map-system').selectOption('genre')
  await expect(rows.first().locator('dl').last()).toContainText('System')
  expect(await faults(studio)).toEqual([])
  await studio.getByTestId('map-apply').click()
  await expect(summary(studio)).toContainText('12')
  await expect(studio.getByTestId('error-message')).toHaveCount(0)
  await expect(studio.getByText('Columns that are not used: nr.')).toBeVisible()
  await expect(studio.getByTestId('train-start')).toBeEnabled({ timeout: 60_000 })
})

test('conversations and texts can also be mapped by hand', async ({ studio }) => {
  await openDemo(studio, 4)
  const turns = ({ prompt, completion }: { prompt: string; completion: string }) => [
    { role: 'user', content: prompt },
    { role: 'assistant', content: completion },
  ]
  await drop(studio, [renamed('thread.jsonl', (pair) => ({ a: 1, thread: turns(pair), fil: turns(pair), regeln: 'Be short.' }))])
  await expect(studio.getByTestId('map-shape')).toHaveValue('turns')
  await expect(studio.getByTestId('map-messages')).toHaveValue('thread')
  await studio.getByTestId('map-system').selectOption('regeln')
  await studio.getByTestId('map-apply').click()
  await expect(studio.getByText('Columns that are not used: a, fil.')).toBeVisible()
  await expect(studio.locator('.tokens').first()).toContainText('Be short.')

  await drop(studio, [renamed('poem.jsonl', ({ prompt, completion }) => ({ erste: prompt, zweite: completion }))])
  await studio.getByTestId('map-shape').selectOption('text')
  await studio.getByTestId('map-text').selectOption('zweite')
  await studio.getByTestId('map-apply').click()
  await expect(studio.getByText('Columns that are not used: erste.')).toBeVisible()
})
