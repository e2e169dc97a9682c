// The engine's worker hangs: Cancel ends it all the same, the page says what is lost, and a new engine works.
import { join } from 'node:path'
import { root } from '../src/cli/node/cache.mjs'
import { drop, expect, openDemo, test } from './studio'

test('Cancel ends an engine that no longer answers', async ({ studio }) => {
  await openDemo(studio, 2)
  // Workers that read data end when they are done, perhaps before they have told their name.
  const workers = studio.workers()
  const names = await Promise.all(workers.map((worker) => worker.evaluate(() => self.name).catch(() => 'ended')))
  const engine = workers[names.indexOf('engine')]
  // It never ends, so there is nothing to wait for.
  void engine
    .evaluate(() => {
      for (;;);
    })
    .catch(() => undefined)
  const demo = join(root, 'public', 'demo')
  await drop(
    studio,
    ['config.json', 'model.safetensors', 'tokenizer.json'].map((name) => join(demo, name)),
  )
  await studio.getByTestId('model-drop').getByRole('button', { name: 'Cancel' }).click()
  await expect(studio.getByText('The engine did not answer for 5 seconds, so it was started again.').first()).toBeVisible()
  await expect(studio.getByTestId('model-summary')).toHaveCount(0)
  await openDemo(studio, 2)
  await expect(studio.getByTestId('train-start')).toBeEnabled({ timeout: 60_000 })
})
