// Rows for a run, changed pictures, and what a survey finds.
import { describe, expect, it } from 'vitest'
import { nodeCodecs } from '../cli/node/picture-codecs'
import { defaults } from '../config/field'
import { sentence } from '../config/phrase'
import { augmentFields } from '../config/picture-fields'
import { augmented } from './augment'
import { PictureBudget, pictureReader, pictureSource } from './loader'
import { folderSet } from './picture-set'
import { parseProcessor } from './processor'
import { chosen, pictureReport, reportLines } from './report'
import { slicedFile } from './sliced-file'
import { survey } from './survey'
import { fileOf, painted, pngOf } from './testing/tiny-picture'

const codecs = nodeCodecs()
const processor = parseProcessor('p', { image_processor_type: 'ViTImageProcessor', size: 8 })
const wave = (at: number) => 128 + 120 * Math.sin(at)
const scene = (shift: number) => painted(40, 30, (x, y) => [wave(x / 6 + shift), wave(y / 5 + x / 9), wave(x / 3 - y / 4 + shift)])
const off = defaults(augmentFields)
const chance = { seed: 1, index: 2, epoch: 3 }

describe('a loader', () => {
  const entries = [0, 1].map((label) => ({ file: fileOf(`${label}.png`, pngOf(scene(label * 90))), label }))
  it('reads a picture again only where its pixels do not fit into the budget', async () => {
    const source = pictureSource(pictureReader(entries, { processor, codecs, budget: new PictureBudget(8 * 8 * 3 + 1) }))
    const first = await source.pixels(0, 0)
    expect(first).toHaveLength(3 * 8 * 8)
    for (let epoch = 1; epoch < 3; epoch++) expect(await source.pixels(0, epoch)).toEqual(first)
    for (let epoch = 0; epoch < 3; epoch++) await source.pixels(1, epoch)
    expect(source.labels).toEqual([0, 1])
    expect(entries.map(({ file }) => file.reads)).toEqual([1, 3])
  })
  it('decodes one picture at a time', async () => {
    let [busy, most] = [0, 0]
    const files = [0, 1, 2].map((label) => {
      const file = fileOf(`${label}.png`, pngOf(scene(label)))
      return { file: { ...file, bytes: async () => ((most = Math.max(most, ++busy)), await file.bytes()) }, label }
    })
    const { fitted } = pictureReader(files, { processor, codecs })
    await Promise.all(files.map(async (_, at) => (await fitted(at), busy--)))
    expect([most, busy]).toEqual([1, 0])
  })
  it('changes pictures by seed, row and epoch, and only in an epoch', async () => {
    const reader = pictureReader(entries, { processor, codecs })
    const changed = (seed: number) => pictureSource(reader, { augmentation: { ...off, crop: 0.5, colour: 0.5 }, seed })
    const row = await changed(1).pixels(0, 0)
    expect(await changed(1).pixels(0, 0)).toEqual(row)
    for (const other of [await changed(1).pixels(0, 1), await changed(2).pixels(0, 0)]) expect(other).not.toEqual(row)
    expect(await changed(1).pixels(0)).toEqual(await pictureSource(reader).pixels(0, 0))
  })
  it('marks a picture by its bytes and by what is done with it', async () => {
    const bytes = pngOf(scene(3))
    const marks = (blob: Blob, changes = {}) =>
      pictureSource(pictureReader([{ file: slicedFile('a.png', blob), label: 0 }], { processor, codecs }), changes).mark(0)
    const mark = await marks(new Blob([bytes]))
    expect(await marks(new Blob([bytes]), { seed: 4 })).toBe(mark)
    for (const at of [0, bytes.length - 1]) expect(await marks(new Blob([bytes.with(at, bytes[at] ^ 1)]))).not.toBe(mark)
    const [one, two] = [1, 2].map((seed) => marks(new Blob([bytes]), { augmentation: off, seed }))
    expect(new Set([mark, await one, await two]).size).toBe(3)
  })
  it('names a picture that cannot be read, and reads the next one', async () => {
    const broken = { file: fileOf('bad.png', new Uint8Array(3)), label: 0 }
    const { fitted } = pictureReader([broken, entries[0]], { processor, codecs })
    const both = await Promise.allSettled([fitted(0), fitted(1)])
    expect(String((both[0] as PromiseRejectedResult).reason)).toContain(
      'bad.png: expected PNG, JPEG, WebP, GIF, BMP, got a file of another kind.',
    )
    expect(both[1].status).toBe('fulfilled')
  })
})

describe('changes', () => {
  const picture = scene(0)
  it('leave the picture as it is without settings', () => expect(augmented(picture, off, chance)).toBe(picture))
  it('mirror half of the pictures', () => {
    const mirror = (index: number) => augmented(picture, { ...off, flip: true }, { ...chance, index })
    const all = Array.from({ length: 200 }, (_, index) => mirror(index))
    const mirrored = all.filter((one) => one !== picture)
    expect(mirrored.length).toBeGreaterThan(70)
    expect(mirrored.length).toBeLessThan(130)
    const columns = painted(40, 30, (x, y) => Array.from(picture.rgb.subarray((y * 40 + 39 - x) * 3, (y * 40 + 39 - x) * 3 + 3)))
    expect(mirrored[0]).toEqual(columns)
  })
  it.each(['crop', 'rotation', 'translation', 'colour', 'erasing'] as const)('%s keeps the size and is the same each time', (key) => {
    const settings = { ...off, [key]: key === 'rotation' ? 30 : key === 'erasing' ? 1 : 0.4 }
    const changed = augmented(picture, settings, chance)
    expect(changed).toMatchObject({ width: 40, height: 30 })
    expect(changed.rgb).toHaveLength(picture.rgb.length)
    expect(changed.rgb).not.toEqual(picture.rgb)
    expect(augmented(picture, settings, chance)).toEqual(changed)
  })
  it('turn by the angle: a half turn mirrors both ways', () => {
    // Of angles up to 180°, one is found that is nearly a half turn.
    const flat = painted(21, 21, (x, y) => [x < 10 ? 255 : 0, y < 10 ? 255 : 0, 0])
    const turnedBack = (index: number) => augmented(flat, { ...off, rotation: 180 }, { ...chance, index }).rgb
    const corners = Array.from({ length: 300 }, (_, index) => turnedBack(index)).map((rgb) => [
      rgb[(5 * 21 + 5) * 3],
      rgb[(15 * 21 + 15) * 3],
    ])
    expect(corners).toContainEqual([0, 255])
    expect(corners).toContainEqual([255, 0])
  })
})

describe('a survey', () => {
  const same = pngOf(scene(0))
  const alike = painted(80, 60, (x, y) =>
    Array.from(scene(0).rgb.subarray(((y >> 1) * 40 + (x >> 1)) * 3, ((y >> 1) * 40 + (x >> 1)) * 3 + 3)),
  )
  const set = folderSet('zoo', [
    fileOf('train/cat/1.png', same),
    fileOf('train/cat/2.png', pngOf(scene(120))),
    fileOf('train/cat/bad.png', same.subarray(0, 60)),
    fileOf('train/dog/3.png', pngOf(painted(9, 40, (x) => [x * 20, 0, 0]))),
    fileOf('test/cat/4.png', pngOf(alike)),
    fileOf('test/dog/5.png', same),
    fileOf('test/dog/notes.txt', same),
  ])
  it('finds what is broken, tiny, equal to another, in both parts and in two classes', async () => {
    const progress: string[] = []
    const found = await survey(set, { codecs, onProgress: (done, all) => progress.push(`${done}/${all}`) })
    expect(progress.at(-1)).toBe('6/6')
    const split = chosen(set, new Set(found.broken.map(({ entry }) => entry)), { holdOut: 0, seed: 0 })
    const report = pictureReport(set, found, split)
    expect(report).toMatchObject({
      pictures: 5,
      otherFiles: 1,
      kinds: { PNG: 5 },
      classes: [
        { name: 'cat', pictures: 3, train: 2, eval: 1 },
        { name: 'dog', pictures: 2, train: 1, eval: 1 },
      ],
      sizes: { width: [9, 80], height: [30, 60] },
      tiny: { pictures: ['train/dog/3.png'] },
      sameFile: [{ a: 'test/dog/5.png', b: 'train/cat/1.png' }],
    })
    expect(report.sameLook.pairs).toHaveLength(2)
    expect(report.leaks).toHaveLength(2)
    expect(report.twoClasses).toHaveLength(2)
    const lines = reportLines(report).map((line) => sentence(line))
    expect(lines[0]).toBe('train/cat/bad.png: expected a whole picture, got a file that is cut off. Copy or download it again.')
    expect(lines).toContain('Files that are left out because they do not have the name of a picture: 1.')
  })
  it('says that there may be more pairs that look the same than it counts', () => {
    const many = folderSet(
      'frames',
      Array.from({ length: 150 }, (_, i) => fileOf(`cat/${i}.png`, Uint8Array.of(i))),
    )
    const look = Uint32Array.of(1, 2, 3, 4, 5, 6, 7, 8)
    const about = { width: 40, height: 30, kind: 'PNG', deepGrey: false, look }
    const pictures = many.entries.map((_, entry) => ({ entry, hash: String(entry), ...about }))
    const linesOf = (count: number): string[] => {
      const split = chosen(many, new Set(), { holdOut: 0, seed: 0 })
      const report = pictureReport(many, { pictures: pictures.slice(0, count), broken: [] }, split)
      return reportLines(report).map((line) => sentence(line))
    }
    const more = 'Pairs that look the same were looked for until there were 10000, so the numbers of pairs may be too low.'
    expect(linesOf(150)).toContain(more)
    expect(linesOf(100)).not.toContain(more)
  })
  it('can be stopped', async () => {
    await expect(survey(set, { codecs, signal: AbortSignal.abort() })).rejects.toThrow('Stopped as asked.')
  })
})
