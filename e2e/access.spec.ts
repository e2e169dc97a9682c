// Tests that axe finds no fault in any view, light or dark, and that the first steps work by keyboard alone.
import { expect, faults, test } from './studio'

// Colours do not depend on the language, nor words on the colours, so each language is walked in one theme.
for (const [colorScheme, language] of [
  ['light', 'en'],
  ['dark', 'zh'],
] as const)
  test(`every view passes axe in ${colorScheme}, in ${language}`, async ({ studio }) => {
    await studio.emulateMedia({ colorScheme })
    await studio.getByTestId('language').selectOption(language)
    await expect(studio.locator('html')).toHaveAttribute('lang', new RegExp(`^${language}`))
    await expect(studio.getByTestId('demo-button')).toBeEnabled()
    for (const view of ['setup', 'data', 'train', 'compare', 'answers', 'play', 'library']) {
      await studio.getByRole('navigation').locator(`a[href="#${view}"]`).click()
      await expect(studio.locator(`a[href="#${view}"][aria-current="page"]`)).toBeVisible()
      expect((await faults(studio)).map((fault) => `${view}: ${fault}`)).toEqual([])
    }
  })

test('the keyboard reaches the views and their controls', async ({ studio }) => {
  await expect(studio.getByTestId('model-drop')).toBeVisible()
  await studio.keyboard.press('Tab')
  await expect(studio.locator(':focus')).toHaveClass(/skip-link/)
  const reached = new Set<string>()
  for (let i = 0; i < 25; i++) {
    await studio.keyboard.press('Tab')
    const focused = await studio.evaluate(
      () => document.activeElement?.getAttribute('href') ?? document.activeElement?.getAttribute('data-testid'),
    )
    if (focused) reached.add(focused)
  }
  for (const target of ['#setup', '#data', '#train', '#compare', '#answers', '#play', '#library']) expect([...reached]).toContain(target)
  await studio.locator('a[href="#train"]').focus()
  await studio.keyboard.press('Enter')
  await expect(studio.locator('a[href="#train"][aria-current="page"]')).toBeVisible()
})
