// A set of pictures as one file: the same pictures and classes come out, also of a zip, and a file that was cut off is refused.
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { type Bundle, bundleFile, bundleOf, isBundle, openBundle, setOfBundle } from './bundle'
import { folderSet } from './picture-set'
import { fileOf } from './testing/tiny-picture'

const bytes = { 'cat/1.png': [1, 2, 3], 'cat/2.png': [4], 'test/dog/1.png': [5, 6] }
const blobs = new Map(Object.entries(bytes).map(([path, all]) => [path, new Blob([Uint8Array.from(all)])]))
const set = folderSet(
  'zoo',
  Object.entries(bytes).map(([path, all]) => fileOf(path, Uint8Array.from(all))),
)
const folder = (): Bundle => bundleOf(set, (path) => blobs.get(path))
const zipped = (): Bundle => {
  const files = Object.entries(bytes).map(([path, all]) => [path, Uint8Array.from(all)] as const)
  return bundleOf(set, () => undefined, new Blob([new Uint8Array(zipSync(Object.fromEntries(files)))]))
}

async function shown(bundle: Bundle) {
  const { classes, entries } = setOfBundle(bundle)
  return Promise.all(entries.map(async ({ file, label }) => [file.path, classes[label], ...(await file.bytes())]))
}

describe('a bundle', () => {
  const expected = [
    ['cat/1.png', 'cat', 1, 2, 3],
    ['cat/2.png', 'cat', 4],
    ['test/dog/1.png', 'test', 5, 6],
  ]
  it.each([
    ['a folder', folder],
    ['a zip', zipped],
  ])('of %s gives its pictures and classes back', async (_, make) => {
    const file = bundleFile(make())
    expect(await isBundle(file)).toBe(true)
    expect(await shown(await openBundle(file))).toEqual(expected)
  })
  it('of a zip may have further pictures beside it', async () => {
    const more = { path: 'cat/new.png', label: 0, sizeBytes: 1, blob: new Blob([Uint8Array.of(9)]) }
    const bundle = zipped()
    const file = bundleFile({ ...bundle, pictures: [more, ...bundle.pictures] })
    expect(await shown(await openBundle(file))).toEqual([['cat/new.png', 'cat', 9], ...expected])
  })
  it('is refused if it was cut off or has another list, and other files are none', async () => {
    const file = bundleFile(folder())
    const cut = new File([file.slice(0, file.size - 1)], 'zoo')
    await expect(openBundle(cut)).rejects.toThrow(`zoo: expected a whole set of pictures, got ${cut.size} bytes instead of ${file.size}.`)
    const text = await file.text()
    await expect(openBundle(new File([text.replace('"label":1', '"label":7')], 'zoo'))).rejects.toThrow('got a list that cannot be read')
    expect(await isBundle(new Blob(['tabtune pictureX rows of text']))).toBe(false)
  })
  it('says which picture a table names again', () => {
    const twice = { ...set, entries: [...set.entries, { ...set.entries[0], label: 1 }] }
    const { pictures, refused } = bundleOf(twice, (path) => blobs.get(path))
    expect([pictures.length, refused.map(({ where }) => where)]).toEqual([3, ['cat/1.png']])
  })
})
