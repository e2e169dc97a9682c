// Shows each rule of the house something wrong, to prove that it can fail.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { root } from '../src/cli/node/cache.mjs'
import { doubleCasts } from './house/casts.mjs'
import { constructors } from './house/constructors.mjs'
import { familyNames } from './house/families.mjs'
import { unusedExports } from './house/exports.mjs'
import { layers, rooms } from './house/layers.mjs'
import { privacy } from './house/privacy.mjs'
import { SourceFile } from './house/project.mjs'
import { fileLengths, functionLengths } from './house/sizes.mjs'
import { wgslInShaders } from './house/wgsl.mjs'

// The folder is outside the project, where the linter's list of ignored folders does not apply.
const folder = mkdtempSync(join(tmpdir(), 'tabtune-lint-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The problems that a rule finds in one file. @param {import('./house/project.mjs').Rule} rule @param {string} path @param {string} text */
function problems(rule, path, text) {
  return rule([new SourceFile(path, text)]).problems
}

test.each([
  ['src/gpu/a.ts', "import { x } from '../ops/matmul'"],
  ['src/config/a.ts', "import type { X } from '../gpu/gpu'"],
  ['src/config/a.ts', "type X = import('../gpu/gpu').X"],
  ['src/models/a.ts', "export { x } from '../peft/lora'"],
  ['src/formats/quant/a.ts', "import { x } from '../../train/step'"],
  ['src/store/a.ts', "const x = await import('../train/trainer')"],
  ['src/train/a.ts', "import { useState } from 'react'"],
  ['src/train/a.ts', "import { readFileSync } from 'node:fs'"],
  ['src/ui/a.tsx', "import { wrap } from 'comlink'"],
  ['src/ops/a.ts', "import { close } from '../testing/closeness'"],
  ['src/ops/a.ts', "import x from '../../e2e/studio'"],
  ['src/attic/a.ts', 'export const x = 1'],
])('%s may not say %s', (path, text) => {
  expect(problems(layers, path, text)).toHaveLength(1)
})

test('imports that go down pass', () => {
  expect(problems(layers, 'src/train/a.ts', "import { x } from '../ops/matmul'\nimport { y } from './step'")).toEqual([])
  expect(problems(layers, 'src/ui/a.tsx', "import { useState } from 'react'\n// from '../train/trainer'")).toEqual([])
  expect(problems(layers, 'src/ops/a.gpu.test.ts', "import { readFileSync } from 'node:fs'")).toEqual([])
})

test('no two rooms may import each other', () => {
  for (const [room, below] of Object.entries(rooms))
    for (const other of below) expect(rooms[other] ?? [], `${room} and ${other}`).not.toContain(room)
})

/** A project with one family and one more file. @param {string} path @param {string} text */
function beside(path, text) {
  const record = "export const olmo2: FamilyFiles = { ...decoderFiles, name: 'olmo2', label: 'OLMo 2', modelTypes: ['olmo2'] }"
  return familyNames([new SourceFile('src/formats/families/olmo2.ts', record), new SourceFile(path, text)]).problems
}

test.each([
  "if (config.family === 'olmo2') f()",
  "if (config.family.startsWith('olmo')) f()",
  'if (/^olmo[23]?$/.test(config.family)) f()',
  'const names = { llama: 1, olmo2: 2 }',
  "const kinds = ['Olmo2ForCausalLM']",
  "import { x } from '../formats/families/olmo2'",
  'const isOlmo2 = true',
  'const key = `olmo2.${name}`',
  "const text = 'Models of the families Llama and OLMo 2.'",
  'const text = `${list} and OLMo 2, as GGUF`',
])('a family by its name is found: %s', (text) => {
  expect(beside('src/train/a.ts', text)).toHaveLength(1)
  for (const own of ['src/models/olmo2.ts', 'src/models/registry.ts', 'src/formats/families/registry.ts', 'src/train/a.test.ts'])
    expect(beside(own, text), own).toEqual([])
})

test('words that only look like a family pass', () => {
  expect(beside('src/train/a.ts', "// OLMo 2: olmo2\nconst biolmo = 'polmo2x'\nconst text = 'OLMo 25 was there'")).toEqual([])
})

test('long files and WGSL in TypeScript are found', () => {
  expect(problems(fileLengths, 'shaders/a.wgsl', 'x\n'.repeat(400))).toEqual([])
  expect(problems(fileLengths, 'shaders/a.wgsl', 'x\n'.repeat(401))).toHaveLength(1)
  expect(problems(wgslInShaders, 'src/ops/a.ts', 'const code = `@compute @workgroup_size(64) fn main() {}`')).toHaveLength(1)
  expect(problems(wgslInShaders, 'src/ops/a.ts', '// @compute\nconst x = 1')).toEqual([])
})

test('hidden maps, and programs without their passes, are found', () => {
  expect(problems(constructors, 'src/ops/a.ts', 'const made = new WeakMap<object, string>()')).toHaveLength(1)
  expect(problems(constructors, 'src/ops/a.ts', "const p = new Program('x', [], arena, 4)")).toHaveLength(1)
  expect(problems(constructors, 'src/ops/program-of.ts', "const p = new Program('x', [], arena, 4)")).toEqual([])
  expect(problems(constructors, 'src/ui/a.ts', "const worker = new Worker('a.js')")).toHaveLength(1)
  expect(problems(constructors, 'src/ops/a.test.ts', "const p = new Program('x', [], arena, 4)")).toEqual([])
})

test.each([
  ['function f() {', '}'],
  ['const f = () => {', '}'],
  ['class A {\n  m() {', '  }\n}'],
])('a long function is found: %s', (first, last) => {
  /** @param {number} lines */
  const text = (lines) => `${first}\n${'f()\n'.repeat(lines - 2)}${last}\n`
  expect(problems(functionLengths, 'src/ops/a.ts', text(80))).toEqual([])
  expect(problems(functionLengths, 'src/ops/a.ts', text(81))).toHaveLength(1)
  expect(problems(functionLengths, 'src/ops/a.test.ts', text(81))).toEqual([])
})

test.each(['x as unknown as number', '(x as any) as number', '<number>(<unknown>x)', '<number>(x as unknown)'])(
  'a double cast is found: %s',
  (text) => {
    expect(problems(doubleCasts, 'src/ops/a.ts', text)).toHaveLength(1)
  },
)

test('one cast passes', () => {
  expect(problems(doubleCasts, 'src/ops/a.ts', 'f(x as number, (y as Z[]).map(g) as string[])')).toEqual([])
})

test('a private member in another style is found', () => {
  expect(problems(privacy, 'src/ops/a.ts', 'class A {\n  #x = 1\n  #f() {}\n  get #y() { return 1 }\n}')).toHaveLength(3)
  expect(problems(privacy, 'src/ops/a.ts', 'class A {\n  private x = 1\n  constructor(private readonly y: string) {}\n}')).toEqual([])
})

/** The problems that the rule on exports finds in files. @param {Record<string, string>} texts */
function unused(texts) {
  return unusedExports(Object.entries(texts).map(([path, text]) => new SourceFile(path, text))).problems
}

test('an export that nobody imports is found', () => {
  const a = 'export const x = 1, y = 2\nexport interface Z {}\nexport function f() {}'
  expect(unused({ 'src/ops/a.ts': a, 'src/ops/b.ts': "import { x, type Z } from './a'" })).toEqual([
    'src/ops/a.ts:1: exports y, which nobody imports',
    'src/ops/a.ts:3: exports f, which nobody imports',
  ])
  expect(unused({ 'src/ops/a.ts': a, 'src/ops/b.ts': "import * as all from './a'" })).toEqual([])
  expect(unused({ 'src/ops/a.ts': a, 'src/ops/b.ts': "const { x } = await import('./a')" })).toEqual([])
  expect(
    unused({ 'src/ops/a.ts': a, 'e2e/b.mjs': "import { x, y, f } from '../src/ops/a'\n/** @type {import('../src/ops/a').Z} */" }),
  ).toEqual([])
  expect(unused({ 'src/ops/a.ts': 'const x = 1\nexport { x as y }', 'src/ops/b.ts': "export { x } from './a'" })).toHaveLength(2)
})

test('an export that only tests import is found, unless it is listed', () => {
  const from = (/** @type {string} */ path, /** @type {string} */ name) => ({ [path]: `export const ${name} = 1` })
  const test = { 'src/ops/a.test.ts': "import { x } from './a'\nimport { guessRoles } from '../data/map-rows'" }
  expect(unused({ ...from('src/ops/a.ts', 'x'), ...test })).toEqual(['src/ops/a.ts:1: exports x, which only tests import'])
  expect(unused({ ...from('src/data/map-rows.ts', 'guessRoles'), ...test })).toEqual([])
  const user = { 'src/data/b.ts': "import { guessRoles } from './map-rows'" }
  expect(unused({ ...from('src/data/map-rows.ts', 'guessRoles'), ...user })[0]).toContain('take it off the list')
})

test.each([
  [
    'a cycle',
    {
      'a.ts': "import { b } from './b'\nexport const a = (): number => b()",
      'b.ts': "import { a } from './a'\nexport const b = (): number => a()",
    },
    'no-cycle',
  ],
  [
    'a cycle of types',
    { 'a.ts': "import type { B } from './b'\nexport type A = B[]", 'b.ts': "import type { A } from './a'\nexport type B = A | 1" },
    'no-cycle',
  ],
  ['any', { 'a.ts': 'export const a: any = 1' }, 'no-explicit-any'],
  ['a default export', { 'a.ts': 'export default 1' }, 'no-default-export'],
])('the linter refuses %s', (_what, files, rule) => {
  const project = mkdtempSync(join(folder, 'project-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), text)
  const oxlint = join(root, 'node_modules', 'oxlint', 'bin', 'oxlint')
  const run = spawnSync(process.execPath, [oxlint, '-c', join(root, '.oxlintrc.json'), '.'], { cwd: project, encoding: 'utf8' })
  expect(run.status).not.toBe(0)
  expect(run.stdout).toContain(rule)
})
