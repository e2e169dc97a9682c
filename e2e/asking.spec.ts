// The words around prompts: set on the page, kept with the adapter, used by the chat after a reload without data, and compared with
// data that ask otherwise.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DemoPlan } from '../src/store/demo'
import { root } from '../src/cli/node/cache.mjs'
import { drop, expect, faults, fill, openDemo, test } from './studio'

const demo = join(root, 'public', 'demo')
const plan = JSON.parse(readFileSync(join(demo, 'demo.json'), 'utf8')) as DemoPlan

test('a task description travels with the adapter, and data that ask otherwise are named', async ({ studio }) => {
  await openDemo(studio, 2)
  const form = studio.getByTestId('asking')
  await form.getByText('How rows are asked').click()
  await form.getByLabel('Preset').selectOption('question-answer')
  await expect(studio.locator('input[name="newTokens"]')).toHaveValue('<START_Q>, <END_Q>, <START_A>, <END_A>')
  await form.getByLabel('Prompt template').fill('Q: {prompt}')
  await expect(studio.getByTestId('error-message')).toContainText('expected a text with {prompt} and, after it, {completion}')
  await form.getByLabel('Preset').selectOption('none')
  await form.getByLabel('Task description').fill('Say what it is.')
  await studio.keyboard.press('Tab')
  await expect(studio.getByText('Tokens that the way of asking adds to each row (task description)')).toBeVisible()
  expect(await faults(studio)).toEqual([])

  await studio.getByTestId('method-select').selectOption('lora-moe')
  await fill(studio, { steps: 2, batchSize: 2, maxLength: 64 })
  await expect(studio.getByTestId('train-start')).toBeEnabled({ timeout: 60_000 })
  await studio.getByTestId('train-start').click()
  await expect(studio.getByTestId('run-row').first()).toHaveAttribute('data-status', 'finished', { timeout: 120_000 })
  // The method's four experts share all tokens.
  await expect(studio.getByTestId('expert-share')).toHaveCount(4)
  const shares = (await studio.getByTestId('expert-share').allInnerTexts()).map((words) => parseFloat(words.split(':')[1]))
  expect(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 100)).toBeLessThan(1)

  await studio.reload()
  await drop(
    studio,
    plan.model.map((name) => join(demo, name)),
  )
  // The page shows its setup when the model is open.
  await expect(studio.getByTestId('model-summary')).toBeVisible({ timeout: 60_000 })
  await studio.goto('./#library')
  await studio.getByRole('button', { name: 'Chat' }).first().click()
  await studio.getByTestId('generate-prompt').fill('A shop for books.')
  await studio.locator('input[name="maxTokens"]').fill('2')
  await studio.getByTestId('generate-run').click()
  await expect(studio.getByText('with the task description “Say what it is.”')).toBeVisible({ timeout: 120_000 })
  await expect(studio.getByTestId('asked-otherwise')).toHaveCount(0)
  await studio.getByTestId('generate-prompt').fill('A bank.')
  await studio.getByTestId('generate-run').click()
  await expect(studio.getByText('the earlier turns are in front of the prompt as plain text').first()).toBeVisible({ timeout: 60_000 })
  await expect(studio.getByTestId('chat-turn')).toHaveCount(2)
  await expect(studio.getByTestId('check-base')).toBeEnabled({ timeout: 60_000 })
  await studio.getByTestId('check-base').click()
  await expect(studio.getByTestId('base-check')).toContainText(/the same as when it was opened: SHA-256 [0-9a-f]{12}… \(\d+ tensors/, {
    timeout: 60_000,
  })
  expect(await faults(studio)).toEqual([])

  await drop(studio, [join(demo, plan.heldout)])
  await expect(studio.getByTestId('data-summary')).toBeVisible({ timeout: 60_000 })
  await studio.goto('./#library')
  await expect(studio.getByTestId('asked-otherwise')).toContainText('task description none instead of “Say what it is.”', {
    timeout: 60_000,
  })
  await studio.getByRole('button', { name: 'Ask the data as this adapter was trained' }).click()
  await expect(studio.getByTestId('asked-otherwise')).toHaveCount(0)

  // The conversation outlives the page, can be read without its model, and can be deleted.
  await studio.reload()
  await studio.goto('./#play')
  const kept = studio.getByTestId('kept-chat')
  await expect(kept).toHaveCount(1)
  await expect(kept).toContainText('A shop for books.')
  await kept.getByRole('button', { name: /^Open/ }).click()
  await expect(studio.getByTestId('kept-turn')).toHaveCount(2)
  await expect(studio.getByTestId('reading-chat')).toContainText('continued when that model is open')
  expect(await faults(studio)).toEqual([])
  await studio.getByTestId('remove-chats').click()
  await studio.getByRole('dialog').getByRole('button', { name: 'Delete all' }).click()
  await expect(studio.getByTestId('chats')).toHaveCount(0)
})
