// A Python that lacks a library is told apart from one that does not answer, so that a busy machine does not skip tests.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { pythonWithPeft } from './python'

const folder = mkdtempSync(join(tmpdir(), 'tabtune-python-'))
/** From now on the tests' Python is a shell script. */
function pretend(name: string, script: string): string {
  const path = join(folder, name)
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  vi.stubEnv('TABTUNE_PYTHON', path)
  return path
}
function warned(): string[] {
  const lines: string[] = []
  vi.spyOn(console, 'warn').mockImplementation((line) => void lines.push(String(line)))
  return lines
}
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a Python that has all modules is taken, and others are asked for by name', () => {
  const path = pretend('has', 'shift 2; echo "$@" | grep -q "torch transformers peft safetensors accelerate" && echo')
  expect(pythonWithPeft(['accelerate'])).toBe(path)
})

test('what is missing is printed', () => {
  const lines = warned()
  const path = pretend('lacks', 'echo torch peft')
  expect(pythonWithPeft()).toBeUndefined()
  vi.stubEnv('TABTUNE_PYTHON', join(folder, 'gone'))
  expect(pythonWithPeft()).toBeUndefined()
  const rest = 'name a Python that has torch, transformers, peft, safetensors with TABTUNE_PYTHON'
  expect(lines).toEqual([`skipped: ${path} has no torch, peft; ${rest}`, `skipped: there is no ${join(folder, 'gone')}; ${rest}`])
})

test('no answer and a failure are errors', () => {
  pretend('slow', 'exec sleep 60')
  expect(() => pythonWithPeft([], 100)).toThrow('got no answer. Run the test again on a quieter machine.')
  pretend('broken', 'echo no encodings >&2; exit 1')
  expect(() => pythonWithPeft()).toThrow('got no encodings')
})
