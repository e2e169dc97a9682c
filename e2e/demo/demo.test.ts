// Checks the committed demo against its model card: sizes, rows, no leak between its files, and token ids as from Hugging Face.
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { hfConfig } from '../../src/formats/hf-config'
import { folderSet } from '../../src/pictures/picture-set'
import { parseProcessor } from '../../src/pictures/processor'
import { zipFiles } from '../../src/pictures/zip-files'
import { parseDemoPlan } from '../../src/store/demo'
import { hfTokenizer } from '../../src/tokenizer/hf-tokenizer'

const folder = new URL('../../public/demo/', import.meta.url)
const text = (name: string): string => readFileSync(new URL(name, folder), 'utf8')
const json = (name: string): Record<string, unknown> => JSON.parse(text(name)) as Record<string, unknown>
const sizeOf = (name: string): number => statSync(new URL(name, folder)).size

interface Row {
  prompt: string
  completion: string
}
const rows = (name: string): Row[] =>
  text(name)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Row)

const plan = parseDemoPlan(json('demo.json'))
const tokenizer = hfTokenizer(json('tokenizer.json'), json('tokenizer_config.json'), 1024)
const names = (list: Row[]): string[] => list.flatMap((row) => /name\[([^\]]*)\]/.exec(row.completion)?.slice(1) ?? [])

describe('the demo', () => {
  it('is small: the model at most 4 MB, the whole folder below 5 MB', () => {
    const total = (files: string[]): number => files.reduce((sum, name) => sum + sizeOf(name), 0)
    expect(plan.model).toContain('model.safetensors')
    expect(total(plan.model)).toBeLessThanOrEqual(4e6)
    expect(total(readdirSync(folder))).toBeLessThan(5e6)
  })

  it('has at least 600 rows, all in one functional form with values', () => {
    const train = rows(plan.train)
    expect(train.length).toBeGreaterThanOrEqual(600)
    const form = /^(inform|recommend|request)\(([a-z]+\[[^[\]]+\](, )?)+\)$/
    for (const row of [...train, ...rows(plan.heldout)]) expect(row.completion).toMatch(form)
  })

  it('shares no sentence and no name between training and held-out rows', () => {
    const [train, heldout] = [rows(plan.train), rows(plan.heldout)]
    const sentences = new Set(train.map((row) => row.prompt))
    const trained = new Set(names(train))
    expect(heldout.filter((row) => sentences.has(row.prompt))).toEqual([])
    expect(names(heldout).length).toBeGreaterThan(30)
    expect(names(heldout).filter((name) => trained.has(name))).toEqual([])
  })

  it('has no row longer than the maximum length it trains with', () => {
    const length = (row: Row): number =>
      [...tokenizer.prefix, ...tokenizer.encode(`${row.prompt}\n`), ...tokenizer.encode(row.completion)].length + 1
    for (const name of [plan.train, plan.heldout]) expect(Math.max(...rows(name).map(length))).toBeLessThanOrEqual(plan.training.maxLength)
  })

  it('has the same token ids as Hugging Face', () => {
    const reference = JSON.parse(readFileSync(new URL('reference-ids.json', import.meta.url), 'utf8')) as { text: string; ids: number[] }[]
    expect(reference.length).toBeGreaterThan(10)
    for (const { text: given, ids } of reference) {
      expect(tokenizer.encode(given, { addSpecial: true }), given).toEqual(ids)
      expect(tokenizer.decode(ids, { skipSpecial: true })).toBe(given)
    }
  })
})

/** How many pictures of each class are trained on and evaluated on. No picture may be there twice. */
async function countsIn(path: string): Promise<Record<string, number[]>> {
  const zip = readFileSync(new URL(path, folder))
  const { classes, entries } = folderSet(path, await zipFiles(path, new Blob([zip])))
  const marks = await Promise.all(entries.map(({ file }) => file.mark()))
  expect(new Set(marks).size).toBe(entries.length)
  const count = (label: number, part: string): number => entries.filter((entry) => entry.label === label && entry.part === part).length
  return Object.fromEntries(classes.map((name, label) => [name, [count(label, 'train'), count(label, 'eval')]]))
}
const eachOf = (classes: readonly string[]): Record<string, number[]> => Object.fromEntries(classes.map((name) => [name, [16, 10]]))

describe('the demo of pictures', () => {
  const config = hfConfig('config.json', json('pictures/config.json'))

  it('has a model of at most 3 MB that knows none of the classes it is taught, and pictures as large as it sees', async () => {
    expect(sizeOf('pictures/model.safetensors')).toBeLessThanOrEqual(3e6)
    const classes = ['boat', 'fish', 'flag', 'house', 'mug', 'tree']
    expect(await countsIn('pictures/drawings.zip')).toEqual(eachOf(classes))
    expect(config.vision?.classes.filter((name) => classes.includes(name.replace(/^(full|hollow) /, '')))).toEqual([])
    expect(parseProcessor('preprocessor_config.json', json('pictures/preprocessor_config.json')).output).toEqual({ height: 32, width: 32 })
  })
})

describe('the demo of pictures and words', () => {
  it('has a model of at most 3 MB that reads the name of each class as one token', async () => {
    expect(sizeOf('clip/model.safetensors')).toBeLessThanOrEqual(3e6)
    const classes = ['blue', 'brown', 'green', 'grey', 'orange', 'pink', 'purple', 'red']
    expect(await countsIn('clip/papers.zip')).toEqual(eachOf(classes))
    const { text: tower, vision } = hfConfig('config.json', json('clip/config.json'))
    const { output } = parseProcessor('preprocessor_config.json', json('clip/preprocessor_config.json'))
    expect(output).toEqual({ height: vision?.height, width: vision?.width })
    const reader = hfTokenizer(json('clip/tokenizer.json'), json('clip/tokenizer_config.json'), tower?.vocab ?? 0)
    const ids = classes.map((name) => reader.encode(name))
    expect(ids.map((own) => own.length)).toEqual(classes.map(() => 1))
    expect(new Set(ids.flat()).size).toBe(classes.length)
    expect(reader.encode('A photo  of a red.', { addSpecial: true })).toEqual([
      tower?.bos,
      ...['a', 'photo', 'of', 'a', 'red', '.'].flatMap((word) => reader.encode(word)),
      tower?.eos,
    ])
  })
})
