// A real model and an adapter that PEFT trained on it: on a fresh page both give the answers that transformers and PEFT gave.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { drop, expect, shared, test } from './studio'

const folder = join(shared, 'models', 'SmolLM2-135M-Instruct')
/** The first words are enough to recognise a wrong answer, and the software adapter is slow with two columns. */
const tokens = 12

const json = <T>(name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as T

test('SmolLM2 and an adapter of PEFT answer in the chat template, with no data; an empty answer says why', async ({ studio }) => {
  test.skip(!existsSync(folder), `${folder} is not on this machine`)
  test.setTimeout(400_000)
  const [row] = readFileSync(join(folder, 'test.jsonl'), 'utf8').split('\n')
  const { instruction, input } = JSON.parse(row) as Record<string, string>
  const { before, after } = json<{ before: { answers_first_five: string[] }; after: { answers: string[] } }>('curve.json')

  await expect(studio.getByTestId('model-drop')).toBeVisible()
  await drop(studio, [join(folder, 'SmolLM2-135M-Instruct.Q4_1.gguf')])
  await expect(studio.getByTestId('model-summary')).toContainText(/llama/i, { timeout: 60_000 })
  await drop(studio, [join(folder, 'trained')])
  await expect(studio.getByTestId('import-notice')).toContainText('trained', { timeout: 60_000 })

  await studio.goto('./#play')
  await expect(studio.locator('#as-prompt-help')).toContainText('gets the chat template')
  await expect(studio.getByRole('button', { name: 'trained', pressed: true })).toBeVisible()
  await studio.getByTestId('generate-prompt').fill(`${instruction}\n${input}`)
  await studio.locator('input[name="maxTokens"]').fill(String(tokens))
  await studio.getByTestId('generate-run').click()
  for (const [column, whole] of [before.answers_first_five[0], after.answers[0]].entries()) {
    const output = studio.getByTestId('generate-output').nth(column)
    await expect(output).toHaveAttribute('data-status', 'done', { timeout: 200_000 })
    const said = await output.getByRole('group').first().innerText()
    expect(said.length).toBeGreaterThan(tokens)
    expect(whole.slice(0, said.length)).toBe(said)
  }
  await expect(studio.getByText('Prompt format: the chat template.')).toHaveCount(2)

  // Without its chat template the base model has no answer to the question.
  await studio.getByTestId('chat-begin').click()
  await studio.getByRole('button', { name: 'trained', pressed: true }).click()
  await studio.getByRole('checkbox', { name: 'Use the prompt format from training' }).uncheck()
  await studio.getByTestId('generate-prompt').fill('What is gravity?')
  await studio.getByTestId('generate-run').click()
  await expect(studio.getByTestId('generate-output')).toHaveText(/^The answer is empty/, { timeout: 60_000 })
  await expect(studio.getByText('Prompt format: the prompt exactly as written.')).toHaveCount(1)

  // A newcomer adds a file of examples, and can start with the settings as they are.
  const data = join(shared, 'datasets', 'viggo.train.jsonl')
  test.skip(!existsSync(data), `${data} is not on this machine`)
  await studio.goto('./#setup')
  await studio.getByTestId('data-input').setInputFiles(data)
  await expect(studio.getByTestId('data-summary')).toContainText('5,', { timeout: 120_000 })
  await expect(studio.getByTestId('train-start')).toHaveText('Start training', { timeout: 120_000 })
  await expect(studio.getByTestId('train-start')).toBeEnabled()
})
