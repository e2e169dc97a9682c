// Every purpose of memory has a name and a colour of its own, in both themes.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root } from '../cli/node/cache.mjs'
import { drawn } from '../testing/drawn'
import { MemoryBar } from './MemoryBar'
import { en } from './text/en'

const css = (name: string): string => readFileSync(join(root, 'src', 'ui', 'styles', name), 'utf8')

it('draws each part in a colour of its own', () => {
  const purposes = [...Object.keys(en.memory.purposes), 'something new']
  const parts = purposes.map((purpose, i) => ({ purpose, bytes: 1000 + i }))
  const memory = { totalBytes: 10_000, parts, trainableParameters: 1, totalParameters: 2, adapterFileBytes: 3, steps: 4 }
  const shades = [...drawn(<MemoryBar memory={memory} />).matchAll(/<rect x="[^>]*class="(shade-\d+)"/g)].map(([, shade]) => shade)
  expect(shades).toHaveLength(purposes.length)
  const colours = shades.map((shade) => {
    const [, name] = new RegExp(`\\.${shade} \\{\\s*fill: var\\((--[\\w-]+)\\)`).exec(css('run-bar.css')) ?? []
    return new RegExp(`${name}: light-dark\\((#\\w+), (#\\w+)\\)`).exec(css('tokens.css'))?.slice(1) ?? []
  })
  for (const theme of [0, 1]) expect(new Set(colours.map((pair) => pair[theme])).size).toBe(purposes.length)
  expect(colours.flat()).toHaveLength(2 * purposes.length)
})
