// Hostile files of rows on the real page: the tab lives, each file gets its sentence, and a reading ends when it is cancelled.
import { writeFileSync } from 'node:fs'
import { type HostileFile, hostileFile } from './endure/hostile-files'
import { drop, expect, openDemo, test } from './studio'

const kinds = new Set(['deep lists', 'deep arguments of a call', 'many columns', '__proto__ and its like', 'one endless line', 'NUL escaped', 'empty lines', 'half surrogates', 'a role of millions of characters', 'one character many times']) // prettier-ignore

/** The bytes of `file`, or undefined if they are more than `most`. */
function bytesOf(file: HostileFile, most: number): Buffer | undefined {
  const chunks: Uint8Array[] = []
  let size = 0
  for (const chunk of file.bytes()) {
    chunks.push(chunk)
    if ((size += chunk.length) > most) return
  }
  return Buffer.concat(chunks)
}

/** A file of each kind: the first that is small enough to be made and read quickly. */
function smallFiles(): { file: HostileFile; bytes: Buffer }[] {
  const found = new Map<string, { file: HostileFile; bytes: Buffer }>()
  for (let seed = 0; found.size < kinds.size && seed < 2000; seed++) {
    const file = hostileFile(seed)
    if (!kinds.has(file.kind) || found.has(file.kind)) continue
    const bytes = bytesOf(file, 25e6)
    if (bytes) found.set(file.kind, { file, bytes })
  }
  expect([...found.keys()].sort()).toEqual([...kinds].sort())
  return [...found.values()]
}

test('hostile files are refused in a sentence, and the page still works', async ({ studio }) => {
  await openDemo(studio, 4)
  const card = studio.getByTestId('data-card')
  for (const [i, { file, bytes }] of smallFiles().entries()) {
    const { kind } = file
    const path = test.info().outputPath(`hostile-${i}.jsonl`)
    writeFileSync(path, bytes)
    await drop(studio, [path])
    await expect(card, kind).toContainText(`hostile-${i}.jsonl`)
    await expect(card.getByTestId('progress'), kind).toHaveCount(0, { timeout: 60_000 })
    const words = await card.innerText()
    // What the command line says of rows that are read, the page shows in figures.
    const says = /read/.test(file.says.source) ? /Rows\s+[1-9]|expected words of at most/ : new RegExp(file.says.source, 'm')
    expect(words, kind).toMatch(says)
    // The preview shows a row as it is, in a paragraph of its own. The words around it must not be turned around by the row.
    const around = await card.evaluate((element) => {
      const copy = element.cloneNode(true) as HTMLElement
      for (const examples of copy.querySelectorAll('.examples')) examples.remove()
      return copy.textContent
    })
    for (const turned of ['\u001b', '\u202e', '\0']) expect(around, kind).not.toContain(turned)
  }
})

test('a reading that would take minutes ends at once when it is cancelled', async ({ studio }) => {
  await openDemo(studio, 4)
  const card = studio.getByTestId('data-card')
  await expect(studio.getByTestId('data-summary')).toContainText('from its own file')
  const before = await studio.getByTestId('data-summary').innerText()
  const path = test.info().outputPath('long.jsonl')
  writeFileSync(path, `${JSON.stringify({ prompt: 'p', completion: 'q5 zz '.repeat(2_500_000) })}\n`.repeat(8))
  await drop(studio, [path])
  await expect(card.getByTestId('progress')).toBeVisible()
  await studio.waitForTimeout(300)
  await expect(card.getByTestId('progress')).toBeVisible()
  const ms = await card.getByRole('button', { name: 'Cancel' }).evaluate(async (button: HTMLElement) => {
    const start = performance.now()
    button.click()
    while (button.isConnected) await new Promise((resolve) => setTimeout(resolve, 5))
    return performance.now() - start
  })
  // 300 ms, and what a busy machine adds.
  expect(ms).toBeLessThan(1500)
  await expect(card).toContainText('Stopped as asked.')
  expect(await studio.getByTestId('data-summary').innerText()).toBe(before)
})
