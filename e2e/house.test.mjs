// The checks of the house can fail: each is shown something wrong.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { root } from '../src/cli/node/cache.mjs'
import { problems, rooms } from './house.mjs'

// Outside the project, where the linter's list of ignored folders does not apply.
const folder = mkdtempSync(join(tmpdir(), 'tabtune-lint-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each([
  ['src/gpu/a.ts', "import { x } from '../ops/matmul'"],
  ['src/config/a.ts', "import type { X } from '../gpu/gpu'"],
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
  expect(problems(path, text)).toHaveLength(1)
})

test('what goes down passes', () => {
  expect(problems('src/train/a.ts', "import { x } from '../ops/matmul'\nimport { y } from './step'")).toEqual([])
  expect(problems('src/ui/a.tsx', "import { useState } from 'react'\n// from '../train/trainer'")).toEqual([])
  expect(problems('src/ops/a.gpu.test.ts', "import { readFileSync } from 'node:fs'")).toEqual([])
})

test('no two rooms may import each other', () => {
  for (const [room, below] of Object.entries(rooms))
    for (const other of below) expect(rooms[other] ?? [], `${room} and ${other}`).not.toContain(room)
})

test('long files and WGSL in TypeScript are found', () => {
  expect(problems('shaders/a.wgsl', 'x\n'.repeat(400))).toEqual([])
  expect(problems('shaders/a.wgsl', 'x\n'.repeat(401))).toHaveLength(1)
  expect(problems('src/ops/a.ts', 'const code = `@compute @workgroup_size(64) fn main() {}`')).toHaveLength(1)
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
