// Checks that every path, link, heading and npm script that the docs name exists.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, posix } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root } from '../src/cli/node/cache.mjs'

const folders = ['docs', 'e2e', 'public', 'shaders', 'src', '.github'].filter((folder) => existsSync(join(root, folder)))

/** The path of every file and folder of the project, from its root. */
const files = [
  ...readdirSync(root, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : [])),
  ...folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => posix.join(folder, name.replaceAll('\\', '/')))
      .filter((path) => !path.includes('node_modules/')),
  ),
  ...folders,
]

const pages = files.filter((path) => path.endsWith('.md') && path !== 'CHANGELOG.md')
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

const code = /\.(ts|tsx|mjs|wgsl|py|md)$/
/** Only these may be named without a folder, since a name such as `config.json` or `constants.py` may belong to a model or another project. */
const ours = /\.(ts|tsx|mjs|wgsl)$/
/** Paths of other projects begin with the project's name. */
const others = /^llama\.cpp\//
const span = /(?<!`)`([^`\n]+)`(?!`)/g

/** The text without blocks of code, which may name other things. @param {string} text */
const prose = (text) => text.replaceAll(/^```[\s\S]*?^```/gm, '')

/** A regular expression for a path with `*` and `<name>`. @param {string} path */
function pattern(path) {
  const escaped = path.replace(/\/$/, '').replaceAll(/[.+()[\]$^|\\?]/g, String.raw`\$&`)
  return escaped.replaceAll(/\*|<\w+>/g, '[^/]*')
}

/** The anchor that GitHub makes for a heading. @param {string} heading */
function anchor(heading) {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')
}

/**
 * Returns the text between backticks if it looks like a path of the project that does not exist, else undefined.
 * @param {string} page @param {string} said
 */
function lost(page, said) {
  const path = said.split(' ')[0].replace(/^\.\//, '')
  if (!/^[\w.*<>/-]+$/.test(path) || /^(\.\.)?\//.test(path) || others.test(path)) return undefined
  const [first] = path.split('/')
  const beside = posix.dirname(page)
  if (path.includes('/')) {
    const known = files.some((file) => file === first || file === posix.join(beside, first))
    if (!known && !code.test(path)) return undefined
    const expected = [path, posix.join(beside, path)].map((from) => new RegExp(`^${pattern(from)}([.][\\w.]+)?$`))
    return files.some((file) => expected.some((one) => one.test(file))) ? undefined : said
  }
  if (!ours.test(path) || path.startsWith('.')) return undefined
  const name = new RegExp(`(^|/)${pattern(path)}$`)
  return files.some((file) => name.test(file)) ? undefined : said
}

/** Links to pages or headings that do not exist. @param {string} page @param {string} text */
function deadLinks(page, text) {
  return [...text.matchAll(/\]\(([^()\s]+)\)/g)]
    .map(([, target]) => target)
    .filter((target) => !/^[a-z]+:/i.test(target))
    .filter((target) => {
      const [path, heading] = target.split('#')
      const to = path ? posix.join(posix.dirname(page), path) : page
      if (!files.includes(to.replace(/\/$/, ''))) return true
      if (!heading) return false
      const headings = prose(readFileSync(join(root, to), 'utf8')).matchAll(/^#+ (.+)$/gm)
      return ![...headings].some(([, words]) => anchor(words) === heading)
    })
}

describe.each(pages)('%s', (page) => {
  const text = readFileSync(join(root, page), 'utf8')

  test('names paths that exist', () => {
    const spans = [...prose(text).matchAll(span)].map(([, said]) => said)
    expect(spans.map((said) => lost(page, said)).filter(Boolean)).toEqual([])
  })

  test('links to what exists', () => {
    expect(deadLinks(page, text)).toEqual([])
  })

  test('runs scripts that exist', () => {
    const named = [...text.matchAll(/npm run (?:-s )?([\w:]+)/g)].map(([, name]) => name)
    expect(named.filter((name) => !(name in scripts))).toEqual([])
  })
})

test('the first hour quotes the code as it is', () => {
  const text = readFileSync(join(root, 'docs/first-hour.md'), 'utf8')
  const [lora, sites] = ['lora', 'lora-sites'].map((name) => readFileSync(join(root, `src/peft/${name}.ts`), 'utf8'))
  const quoted = text.match(/```ts\n([^`]+`[^`]+`[^`]+)\n```/)?.[1]
  expect(lora).toContain(quoted)
  for (const [file, line] of [
    [lora, 'loraSpecs(sites, settings, seed)'],
    [sites, 'fresh: () => uniform('],
    [sites, 'export function loraSpecs(sites: readonly LoraSite[], settings: RankSettings, seed: number): Fresh[] {'],
  ]) {
    expect(file.split(line), line).toHaveLength(2)
  }
})

test('paths, links and scripts that do not exist are found', () => {
  for (const path of ['src/ops/matmul.ts', 'src/peft/<method>.ts', 'src/train/golden-*.gpu.test.ts', 'house.mjs', 'a/b', 'config.json'])
    expect(lost('docs/design.md', path)).toBeUndefined()
  for (const path of ['src/ops/gone.ts', 'ops/gone.ts', 'gone.ts', 'src/gone/', 'src/peft/gone-<method>.ts', 'gone/file.ts'])
    expect(lost('docs/design.md', path)).toBe(path)
  expect(deadLinks('docs/design.md', '[a](data.md) [b](gone.md) [c](methods.md#gone) [d](methods.md#optimizer-states)')).toEqual([
    'gone.md',
    'methods.md#gone',
  ])
})
