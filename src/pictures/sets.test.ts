// Sets of pictures from folders, zips and tables: labels, class names, splits and what is refused.
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { sentence } from '../config/phrase'
import type { DataSource } from '../data/data-source'
import { type PictureSet, folderSet } from './picture-set'
import { fewerShots, shotsOf, stratified } from './sample'
import { parseClasses, tableSet } from './table-set'
import { fileOf } from './testing/tiny-picture'
import { zipFiles } from './zip-files'

const files = (...paths: string[]) => paths.map((path) => fileOf(path, new Uint8Array([1, 2, 3])))
const shown = ({ classes, entries }: PictureSet) =>
  entries.map(({ file, label, part }) => [file.path, classes[label], ...(part ? [part] : [])])
const problems = ({ refused }: PictureSet) => refused.map(({ where, problem }) => `${where}: ${sentence(problem)}`)

describe('a folder', () => {
  it('has a class for each folder, in the order of their names', () => {
    const set = folderSet('zoo', files('dog/1.png', 'cat/2.JPG', 'cat/1.webp', 'cat/notes.txt', 'cat/.hidden.png', '__MACOSX/cat/1.png'))
    expect(set).toMatchObject({ classes: ['cat', 'dog'], otherFiles: 1 })
    expect(shown(set)).toEqual([
      ['cat/1.webp', 'cat'],
      ['cat/2.JPG', 'cat'],
      ['dog/1.png', 'dog'],
    ])
  })
  it('may be in another, and its classes in folders for training and evaluation', () => {
    expect(shown(folderSet('a.zip', files('zoo/cat/1.png', 'zoo/dog/deeper/1.png')))).toEqual([
      ['zoo/cat/1.png', 'cat'],
      ['zoo/dog/deeper/1.png', 'dog'],
    ])
    expect(shown(folderSet('zoo', files('train/cat/1.png', 'Val/cat/2.png')))).toEqual([
      ['Val/cat/2.png', 'cat', 'eval'],
      ['train/cat/1.png', 'cat', 'train'],
    ])
  })
  it('refuses a picture outside, and a class that has no name', () => {
    const set = folderSet('zoo', files('cat/1.png', 'lone.png', 'newt/1.png'), ['dog', 'cat'])
    expect(shown(set)).toEqual([['cat/1.png', 'cat']])
    expect(set.entries[0].label).toBe(1)
    expect(problems(set)).toEqual([
      'lone.png: expected a folder around the picture that names its class, got none. Move the picture into one.',
      'newt/1.png: expected one of the class names, got the folder newt. Correct the name, or name the classes with --classes.',
    ])
    expect(() => folderSet('zoo', files('a.txt'))).toThrow('zoo: expected a folder with a folder of pictures')
  })
})

describe('a zip', () => {
  it('is read by its list, and each file when it is asked for', async () => {
    const zip = zipSync({ 'cat/1.png': new Uint8Array([7, 8]), 'dog/1.png': [new Uint8Array(1000), { level: 9 }] }, { level: 0 })
    const inZip = await zipFiles('zoo.zip', new Blob([zip]))
    expect(inZip.map(({ path, sizeBytes }) => [path, sizeBytes])).toEqual([
      ['cat/1.png', 2],
      ['dog/1.png', 1000],
    ])
    expect(await inZip[0].bytes()).toEqual(new Uint8Array([7, 8]))
    expect(await inZip[1].bytes()).toEqual(new Uint8Array(1000))
  })
})

function table(name: string, text: string): DataSource {
  const bytes = new TextEncoder().encode(text)
  return {
    name,
    sizeBytes: bytes.length,
    stream: async function* () {
      yield bytes
    },
    read: async (at, size) => bytes.slice(at, at + size),
  }
}
const beside = files('a.png', 'in/b.png')
const find = async (path: string) => beside.find((file) => file.path === path)

describe('a table', () => {
  it('has labels by number, and names from a file of classes', async () => {
    const rows = '{"image": "in/b.png", "label": 2}\n{"image": "./a.png", "label": 0}\n'
    const set = await tableSet(table('t.jsonl', rows), find)
    expect(set.classes).toEqual(['0', '1', '2'])
    expect(set.entries.map(({ label }) => label)).toEqual([2, 0])
    expect(shown(await tableSet(table('t.jsonl', rows), find, ['x', 'y', 'z']))).toEqual([
      ['in/b.png', 'z'],
      ['a.png', 'x'],
    ])
  })
  it('has labels by name in CSV too', async () => {
    expect(shown(await tableSet(table('t.csv', 'file_name,label\na.png,dog\nin\\b.png,cat\n'), find))).toEqual([
      ['a.png', 'dog'],
      ['in/b.png', 'cat'],
    ])
  })
  it('has labels such as 007 as names', async () => {
    const set = await tableSet(table('t.csv', 'image,label\na.png,007\nin/b.png,1\n'), find)
    expect(set.classes).toEqual(['007', '1'])
  })
  it('refuses rows one by one', async () => {
    const rows = [
      '{"image": "a.png", "label": 1}',
      '{"image": "../a.png", "label": 1}',
      '{"image": "/etc/passwd", "label": 1}',
      '{"image": "C:/a.png", "label": 1}',
      '{"image": "c.png", "label": 1}',
      '{"image": 3, "label": 1}',
      '{"image": "", "label": 1}',
      '{"image": "a.png"}',
      'x',
      '{"image": "a.png", "label": 2}',
    ]
    const told = problems(await tableSet(table('t.jsonl', rows.join('\n')), find, ['x', 'y']))
    expect(told).toHaveLength(9)
    for (const line of told) expect(line).toMatch(/^t\.jsonl, line \d+: /)
    expect(told).toContain('t.jsonl, line 7: image: expected the path of a picture, got an empty string. Correct the row.')
    expect(told.filter((line) => line.includes('in the folder of this file'))).toHaveLength(3)
    expect(told.at(-1)).toBe('t.jsonl, line 10: label: expected one of 2 classes, by name or by number from 0, got 2. Correct the row.')
  })

  it('has no classes for numbers that are too high', async () => {
    const rows = '{"image":"a.png","label":0}\n{"image":"a.png","label":1000000000}\n{"image":"a.png","label":1.5}'
    const set = await tableSet(table('t.jsonl', rows), find)
    expect([set.classes, problems(set)]).toEqual([
      ['0'],
      [expect.stringContaining('line 2: label'), expect.stringContaining('line 3: label')],
    ])
  })
})

describe('class names', () => {
  it('are lines, a JSON list, or lists of token ids', () => {
    expect(parseClasses('c', 'cat\r\n\n dog\n')).toEqual({ names: ['cat', 'dog'] })
    expect(parseClasses('c', '["cat", "dog"]')).toEqual({ names: ['cat', 'dog'] })
    expect(parseClasses('c', '[[5, 6], [7]]')).toEqual({ names: ['5 6', '7'], ids: [[5, 6], [7]] })
  })
  it.each(['', '[]', '["a", 3]', '["a"', 'a\na'])('refuses %j', (text) => {
    expect(() => parseClasses('c', text)).toThrow('c: expected class names, as a JSON list or one on each line, each once, got ')
  })
})

describe('splits and shots', () => {
  const labels = Array.from({ length: 60 }, (_, i) => (i < 40 ? 0 : i < 59 ? 1 : 2))
  const rows = labels.map((_, i) => i)
  it('hold out the same share of each class', () => {
    const { train, eval: held } = stratified(labels, rows, 0.25, 3)
    expect([0, 1, 2].map((label) => Array.from(held).filter((row) => labels[row] === label).length)).toEqual([10, 5, 0])
    expect([...train, ...held].sort((a, b) => a - b)).toEqual(rows)
    expect(stratified(labels, rows, 0.25, 3)).toEqual({ train, eval: held })
    expect(stratified(labels, rows, 0.25, 4).eval).not.toEqual(held)
  })
  it('take the first of the same order for each number of shots', () => {
    const few = shotsOf(labels, rows, 2, 3)
    expect(few).toHaveLength(5)
    expect(Array.from(shotsOf(labels, rows, 8, 3))).toEqual(expect.arrayContaining(Array.from(few)))
    expect(shotsOf(labels, rows, 2, 4)).not.toEqual(few)
  })
  it('say which classes have fewer pictures than shots', () => {
    const names = ['cat', 'dog', 'owl']
    expect(fewerShots(names, labels, rows, 1)).toBeUndefined()
    expect(fewerShots(names, labels, rows, 0)).toBeUndefined()
    expect(sentence(fewerShots(names, labels, shotsOf(labels, rows, 20, 3), 20)!)).toBe(
      'Classes with fewer than 20 pictures to train on: 2 of 3, such as owl with 1. All that they have are used.',
    )
  })
})
