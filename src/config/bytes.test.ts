// Sizes as people write and read them.
import { expect, it } from 'vitest'
import { bytesFromText, bytesText } from './bytes'

it('reads sizes with their units', () => {
  expect(['2GB', '900 MiB', '1.5gib', '64kb'].map((text) => bytesFromText('--memory', text))).toEqual([
    2e9,
    900 * 2 ** 20,
    1.5 * 2 ** 30,
    64_000,
  ])
  for (const text of ['2', 'GB', '-1GB', '2 TB', '', '2GBs'])
    expect(() => bytesFromText('--memory', text)).toThrow(
      `--memory: expected a size such as 2GB or 900MiB, got ${text}. Give a number with KB, MB, GB, KiB, MiB or GiB.`,
    )
})

it('writes them', () => {
  expect([bytesText(2 ** 30 * 1.25), bytesText(2 ** 20 * 310.4)]).toEqual(['1.25 GiB', '310.4 MiB'])
})
