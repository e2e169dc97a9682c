// What the Library shows of kept runs and copies, and what can be downloaded of the runs.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { unzipSync } from 'fflate'
import type { Locator, Page } from 'playwright'

interface ShownRun {
  status: string
  facts: Record<string, string>
  /** A hash for each file of its downloads. */
  files: Record<string, string>
}

export interface Shown {
  /** By their names. */
  runs: Map<string, ShownRun>
  /** Names of the kept models and datasets. */
  copies: string[]
  /** What the page says in notices, warnings and errors. */
  sentences: string[]
}

/** Without a change for this long, everything has been read. */
const stillMs = 2500
const patienceMs = 60_000
const downloadMs = 8000

/** Waits until the Library no longer changes. A run or a notice comes first, as runs were kept. @throws Error if the page does not get so far */
async function settled(page: Page): Promise<void> {
  await page.getByTestId('kept-section').waitFor({ timeout: patienceMs })
  await page.locator('[data-testid="library-card"], .notice').first().waitFor({ timeout: patienceMs })
  const end = Date.now() + patienceMs
  let [text, since] = ['', Date.now()]
  while (Date.now() - since < stillMs) {
    const now = await page.locator('#root').innerText({ timeout: patienceMs })
    if (now !== text) [text, since] = [now, Date.now()]
    if (Date.now() > end) throw new Error('the Library changed for a minute')
    await page.waitForTimeout(200)
  }
}

/** Hashes of the files in a download; none if the page gives no download. */
async function filesOf(page: Page, button: Locator): Promise<Record<string, string>> {
  if ((await button.count()) === 0) return {}
  const coming = page.waitForEvent('download', { timeout: downloadMs }).catch(() => undefined)
  await button.click()
  const download = await coming
  if (!download) return {}
  const files = Object.entries(unzipSync(await readFile(await download.path())))
  return Object.fromEntries(files.map(([path, bytes]) => [path, createHash('sha256').update(bytes).digest('hex')]))
}

async function runOf(page: Page, card: Locator): Promise<ShownRun> {
  const facts = card.locator('dl.facts').first().locator('> div')
  const pairs = await facts.evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent ?? '')))
  const files = [await filesOf(page, card.getByTestId('download-zip')), await filesOf(page, card.getByTestId('download-best'))]
  return { status: (await card.getAttribute('data-status')) ?? '', facts: Object.fromEntries(pairs), files: Object.assign({}, ...files) }
}

/** The Library of the page at `address`, which has just been opened. */
export async function shownLibrary(page: Page): Promise<Shown> {
  await settled(page)
  const runs = new Map<string, ShownRun>()
  for (const card of await page.getByTestId('library-card').all())
    runs.set((await card.locator('h2').innerText()).trim(), await runOf(page, card))
  const sentences = await page.locator('.notice, [role="alert"]').allInnerTexts()
  return {
    runs,
    copies: await page.getByTestId('kept-item').locator('.kept-name').allInnerTexts(),
    sentences: [...new Set(sentences.map((text) => text.trim()).filter(Boolean))],
  }
}
