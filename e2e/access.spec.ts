// Tests that people reach everything: axe finds no fault in any place or dialog, in both languages and both themes; nothing is hidden when the
// page is enlarged four times; forced colours keep what is chosen visible; and the keyboard reaches the views and stays where the page goes.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright/test'
import { root } from '../src/cli/node/cache.mjs'
import type { DemoPlan } from '../src/store/demo'
import { expect, faults, test } from './studio'

const places = ['setup', 'data', 'train', 'compare', 'answers', 'play', 'library'] as const

async function go(page: Page, place: string): Promise<void> {
  await page.getByRole('navigation').locator(`a[href="#${place}"]`).click()
  await expect(page.locator(`a[href="#${place}"][aria-current="page"]`)).toBeVisible()
  await expect(page.locator(':focus')).toHaveCount(1)
}

/** A demo of a few steps and rows, so that all places have something to show. */
async function shortDemo(page: Page): Promise<void> {
  const demo = join(root, 'public', 'demo')
  const plan: DemoPlan = JSON.parse(readFileSync(join(demo, 'demo.json'), 'utf8'))
  const json = { ...plan, exactMatchRows: 4, training: { ...plan.training, steps: 4, evalEvery: 0 } }
  const few = (name: string, rows: number) => readFileSync(join(demo, name), 'utf8').split('\n').slice(0, rows).join('\n')
  await page.route('**/demo/demo.json', (route) => route.fulfill({ json }))
  await page.route(`**/demo/${plan.train}`, (route) => route.fulfill({ body: few(plan.train, 40) }))
  await page.route(`**/demo/${plan.heldout}`, (route) => route.fulfill({ body: few(plan.heldout, 4) }))
  await page.getByTestId('demo-button').click()
  await expect(page.getByTestId('demo-example').first()).toBeVisible({ timeout: 600_000 })
}

/** Elements whose words or controls are outside the page's width, and cannot be scrolled to. */
function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const scrolls = (element: Element | null): boolean =>
      element !== null && (/auto|scroll/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement))
    const shown = [...document.querySelectorAll('main *, header *')].filter((element) => element.checkVisibility() && !scrolls(element))
    const out = shown.filter((element) => {
      const { left, right, width } = element.getBoundingClientRect()
      return width > 1 && (left < -1 || right > document.documentElement.clientWidth + 1)
    })
    return out.map((element) => `${element.tagName} ${element.className} ${element.textContent?.slice(0, 40)}`)
  })
}

/** What makes a place hard to use: buttons of runs out of sight, heads of tables cut into letters, bars with a gap, answers at different heights. */
function untidy(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const box = (element: Element): DOMRect => element.getBoundingClientRect()
    const shown = (selector: string): Element[] => [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility())
    const beside = shown('.run-buttons button').filter((button) => box(button).right > innerWidth || box(button).left < 0)
    const narrow = shown('thead th').filter((head) => (head.textContent ?? '').length > 3 && box(head).width < 28)
    const [views, bar] = [shown('.views')[0], shown('.run-bar')[0]]
    const fixed = bar !== undefined && getComputedStyle(views).position === 'fixed' && getComputedStyle(bar).position === 'fixed'
    const gap = fixed ? Math.abs(box(views).top - box(bar).bottom) : 0
    const uneven = shown('.answer-columns').filter((columns) => {
      const tops = new Map<number, number>()
      return [...columns.children].some((column) => {
        const [row, top] = [Math.round(box(column).top), box(column.querySelector('.answer-tokens') ?? column).top]
        const first = tops.get(row) ?? top
        tops.set(row, first)
        return Math.abs(first - top) > 1
      })
    })
    return [
      ...beside.map((button) => `${button.getAttribute('aria-label') ?? button.textContent} is beside the screen`),
      ...narrow.map((head) => `the head ${head.textContent} is ${box(head).width} pixels wide`),
      ...(gap > 1 ? [`${gap} pixels between the bars`] : []),
      ...uneven.map((columns) => `answers at different heights: ${columns.textContent?.slice(0, 40)}`),
    ]
  })
}

/** Parts of the screen that stay while the page scrolls, as a share of its height. */
function covered(page: Page): Promise<number> {
  return page.evaluate(() => {
    const stays = [...document.querySelectorAll('body *')].filter((element) => {
      const { position, clipPath } = getComputedStyle(element)
      // What is sticky in a table stays while the table is scrolled sideways, not with the page.
      const stays = position === 'fixed' || (position === 'sticky' && !element.closest('.table-scroll'))
      return stays && clipPath === 'none' && element.checkVisibility()
    })
    return stays.reduce((sum, element) => sum + element.getBoundingClientRect().height, 0) / innerHeight
  })
}

test('every empty place passes axe', async ({ studio }) => {
  await expect(studio.getByTestId('demo-button')).toBeEnabled()
  for (const place of places) {
    await go(studio, place)
    expect((await faults(studio)).map((fault) => `${place}: ${fault}`)).toEqual([])
  }
})

test('places and dialogs in use pass axe, and show everything when enlarged four times', async ({ studio }) => {
  test.setTimeout(720_000)
  await shortDemo(studio)
  const found: string[] = []
  for (const language of ['en', 'zh']) {
    const check = async (what: string): Promise<void> => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await studio.emulateMedia({ colorScheme })
        found.push(...(await faults(studio)).map((fault) => `${what} in ${language}, ${colorScheme}: ${fault}`))
      }
    }
    await studio.getByTestId('language').selectOption(language)
    await expect(studio.locator('html')).toHaveAttribute('lang', new RegExp(`^${language}`))
    for (const place of places) {
      await go(studio, place)
      await check(place)
      await studio.setViewportSize({ width: 320, height: 256 })
      found.push(...(await cutOff(studio)).map((element) => `${place} in ${language} at 320 pixels: ${element}`))
      if ((await covered(studio)) > 0.3) found.push(`${place} in ${language}: bars cover what is enlarged`)
      for (const [width, height] of [
        [320, 256],
        [390, 844],
        [1280, 720],
      ]) {
        await studio.setViewportSize({ width, height })
        found.push(...(await untidy(studio)).map((what) => `${place} in ${language} at ${width} pixels: ${what}`))
      }
    }
    await studio
      .getByRole('button', { name: /^(Delete|删除) / })
      .last()
      .click()
    await check('the question before deleting')
    await studio.keyboard.press('Escape')
    await studio.locator('body').press('?')
    await expect(studio.getByTestId('key-list')).toContainText('Shift + Tab')
    await check('help')
    await studio.keyboard.press('Escape')
    await expect(studio.locator('dialog')).toHaveCount(0)
  }
  expect(found).toEqual([])

  await studio.emulateMedia({ forcedColors: 'active' })
  await go(studio, 'play')
  for (const chosen of await studio.locator('[aria-pressed="true"], [aria-current="page"]').all())
    await expect(chosen).toHaveCSS('outline-style', 'solid')
})

test('the keyboard reaches the views and their controls, and stays where the page goes', async ({ studio }) => {
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
  for (const place of places) expect([...reached]).toContain(`#${place}`)
  await studio.locator('a[href="#train"]').focus()
  await studio.keyboard.press('Enter')
  await expect(studio.locator('a[href="#train"][aria-current="page"]')).toBeVisible()
  // The button goes away with its view.
  await studio.getByRole('button', { name: 'Set up a run' }).press('Enter')
  await expect(studio.locator('main:focus')).toBeVisible()
  await studio.getByTestId('guide-begin').press('Enter')
  await expect(studio.locator('#guide-title:focus')).toBeVisible()
})
