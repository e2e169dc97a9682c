import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { sourcesAt } from './files'

const root = mkdtempSync(join(tmpdir(), 'tabtune-files-'))
const at = (path: string) => join(root, path)
afterAll(() => rmSync(root, { recursive: true }))

test('a snapshot of links to blobs is read as files with the names of the links', async () => {
  for (const folder of ['blobs', 'snapshots', 'snapshots/abc']) mkdirSync(at(folder))
  writeFileSync(at('blobs/1f'), '{}')
  symlinkSync('../../blobs/1f', at('snapshots/abc/config.json'))
  symlinkSync('..', at('snapshots/abc/around'))
  symlinkSync('me@here', at('snapshots/abc/.#lock'))
  const sources = await sourcesAt(at('snapshots/abc'))
  expect(sources.map(({ name, sizeBytes }) => [name, sizeBytes])).toEqual([['abc/config.json', 2]])
  expect(new TextDecoder().decode(await sources[0].read(0, 2))).toBe('{}')
  symlinkSync('../../blobs/2', at('snapshots/abc/model.safetensors'))
  await expect(sourcesAt(at('snapshots/abc'))).rejects.toThrow('model.safetensors: expected a file, got a link that leads nowhere.')
})
