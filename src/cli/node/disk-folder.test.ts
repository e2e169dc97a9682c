import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { diskFolder } from './disk-folder'

it('a folder on the disk reads what was written, and refuses names that lead elsewhere', async () => {
  const path = await mkdtemp(join(tmpdir(), 'tabtune-folder-'))
  try {
    const folder = diskFolder(join(path, 'new'))
    expect(await folder.names()).toEqual([])
    expect(await folder.open('a')).toBeUndefined()
    const file = (await folder.open('a', true))!
    await file.truncate(3)
    await file.write(2, Uint8Array.of(7, 8, 9))
    await file.flush()
    expect(await file.size()).toBe(5)
    expect(await file.read(1, 3)).toEqual(Uint8Array.of(0, 7, 8))
    await expect(file.read(3, 3)).rejects.toThrow(/expected 6 bytes, got 5/)
    await file.close()
    expect([...(await readFile(join(path, 'new', 'a')))]).toEqual([0, 0, 7, 8, 9])
    expect(await folder.names()).toEqual(['a'])
    await folder.remove('a')
    await folder.remove('a')
    expect(await folder.names()).toEqual([])
    for (const name of ['../a', '..', 'a/b', '', 'a'.repeat(65), 'a\u202eb', 'a b'])
      await expect(folder.open(name, true)).rejects.toThrow(/expected a file name/)
  } finally {
    await rm(path, { recursive: true })
  }
})
