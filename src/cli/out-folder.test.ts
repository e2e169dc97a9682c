import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkFile, inFolder, outFolder, writeInto, writeWhole } from './out-folder'

const root = mkdtempSync(join(tmpdir(), 'tabtune-out-'))
const at = (path: string) => join(root, path)

beforeAll(() => {
  mkdirSync(at('base'))
  symlinkSync(at('base'), at('link'))
  writeFileSync(at('model.gguf'), 'm')
})
afterAll(() => rmSync(root, { recursive: true }))

test('a folder that is read is not written to, also through a link', async () => {
  for (const out of ['base', 'link', 'base/../base/'])
    await expect(outFolder(at(out), [at('base')])).rejects.toThrow(`--out: expected another folder than ${at('base')}`)
  await outFolder(at('base/merged'), [at('base'), at('none')])
  expect(existsSync(at('base/merged'))).toBe(true)
})

test('a file that is read is not overwritten; others may be beside it', async () => {
  await expect(outFolder(root, [at('model.gguf')], ['a', 'model.gguf'])).rejects.toThrow('which would be overwritten')
  await outFolder(root, [at('model.gguf')], ['a'])
})

test('a file where the folder should be is told', async () => {
  await expect(outFolder(at('model.gguf'), [])).rejects.toThrow('--out: expected a folder that can be created, got')
  await expect(outFolder(at('model.gguf/sub'), [])).rejects.toThrow('ENOTDIR')
})

test('a folder that cannot be created or written to is told before the work, and the search for it ends', async () => {
  let worked = false
  const work = async () => {
    await Promise.resolve()
    worked = true
  }
  await expect(inFolder('/proc/x/deep', [], work)).rejects.toThrow('--out: expected a folder that can be created, got /proc/x/deep')
  await expect(inFolder('/proc', [], work, 'resume')).rejects.toThrow(
    '--resume: expected a folder in which files can be written, got /proc',
  )
  symlinkSync(at('nowhere'), at('broken'))
  await expect(inFolder(at('broken'), [], work)).rejects.toThrow('--out: expected a folder that can be created')
  expect(worked).toBe(false)
  await inFolder(at('fine/deep'), [], work)
  expect([worked, readdirSync(at('fine/deep'))]).toEqual([true, []])
})

test('a file that cannot be written is told before the work, and none is left by the test of it', async () => {
  await expect(checkFile('answers', '/proc/x/a.jsonl')).rejects.toThrow(
    '--answers: expected a file that can be written, got /proc/x/a.jsonl',
  )
  await expect(checkFile('out', at('base'))).rejects.toThrow('EISDIR')
  await checkFile('out', at('files/deep/a'))
  expect(existsSync(at('files'))).toBe(false)
  await checkFile('out', at('model.gguf'))
  expect(readFileSync(at('model.gguf'), 'utf8')).toBe('m')
})

test('work that is refused leaves no folder, and one that was there stays', async () => {
  const refused = async () => {
    await Promise.resolve()
    throw new Error('refused')
  }
  await expect(writeInto(at('new/deep'), [], refused)).rejects.toThrow('refused')
  expect(existsSync(at('new'))).toBe(false)
  await expect(writeInto(at('base'), [], refused)).rejects.toThrow('refused')
  expect(existsSync(at('base'))).toBe(true)
  await expect(writeInto(root, [at('model.gguf')], async () => [{ path: 'model.gguf', bytes: new Uint8Array(1) }])).rejects.toThrow(
    'which would be overwritten',
  )
  expect(readFileSync(at('model.gguf'), 'utf8')).toBe('m')
  await writeInto(at('new/deep'), [], async () => [{ path: 'x', bytes: new Uint8Array(1) }])
  expect(existsSync(at('new/deep/x'))).toBe(true)
})

test('a file that breaks off leaves the old one, and no part', async () => {
  mkdirSync(at('w'))
  await writeWhole(at('w'), [{ path: 'x', bytes: new Uint8Array([1, 2]) }])
  async function* broken() {
    yield new Uint8Array([9])
    await Promise.resolve()
    throw new Error('broken off')
  }
  await expect(writeWhole(at('w'), [{ path: 'x', chunks: broken }])).rejects.toThrow('broken off')
  expect([readdirSync(at('w')), [...readFileSync(at('w/x'))]]).toEqual([['x'], [1, 2]])
  async function* whole() {
    yield new Uint8Array([3])
    await Promise.resolve()
    yield new Uint8Array([4, 5])
  }
  await writeWhole(at('w'), [{ path: 'x', chunks: whole }])
  expect([...readFileSync(at('w/x'))]).toEqual([3, 4, 5])
})
