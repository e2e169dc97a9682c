// Tests that the page speaks the reader's language: the browser's at first, then the chosen one, also after a reload.
import { expect, test } from './studio'

const views = ['data', 'train', 'compare', 'answers', 'play', 'library', 'setup']

test.describe('in a Chinese browser', () => {
  test.use({ locale: 'zh-CN' })

  test('every view is in Chinese; English is one choice away and stays', async ({ studio }) => {
    await expect(studio.locator('html')).toHaveAttribute('lang', 'zh-CN')
    await studio.setViewportSize({ width: 390, height: 844 })
    for (const view of views) {
      await studio.getByRole('navigation').locator(`a[href="#${view}"]`).click()
      await expect(studio.locator(`a[href="#${view}"][aria-current="page"]`)).toHaveText(/\p{Script=Han}/u)
      await expect(studio.locator('main').getByRole('heading').first()).toHaveText(/\p{Script=Han}/u)
      expect(await studio.evaluate(() => document.documentElement.scrollWidth), view).toBe(390)
    }
    const choice = studio.getByRole('combobox', { name: 'Language · 语言' })
    await choice.selectOption({ label: 'English' })
    await expect(studio.locator('html')).toHaveAttribute('lang', 'en')
    await expect(studio.getByTestId('demo-button')).toHaveText('Try the demo')
    await studio.reload()
    await expect(studio.getByTestId('demo-button')).toHaveText('Try the demo')
    await choice.selectOption('zh')
    await expect(studio.getByTestId('demo-button')).toHaveText('试试演示')
  })
})

test('readers of English do not load the Chinese text', async ({ studio }) => {
  await expect(studio.locator('html')).toHaveAttribute('lang', 'en')
  await expect(studio.getByTestId('demo-button')).toHaveText('Try the demo')
  const loaded = () => studio.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name.split('/').at(-1) ?? ''))
  expect((await loaded()).filter((name) => /^zh\b/.test(name))).toEqual([])
  await studio.getByTestId('language').selectOption('zh')
  await expect(studio.getByTestId('demo-button')).toHaveText('试试演示')
  expect((await loaded()).filter((name) => /^zh\b/.test(name))).not.toEqual([])
})
