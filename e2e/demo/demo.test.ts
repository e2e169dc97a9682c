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

describe('the demo of pictures', () => {
  const config = hfConfig('config.json', json('pictures/config.json'))

  it('has a model of at most 3 MB that knows none of the classes it is taught, and pictures as large as it sees', async () => {
    expect(sizeOf('pictures/model.safetensors')).toBeLessThanOrEqual(3e6)
    const zip = readFileSync(new URL('pictures/drawings.zip', folder))
    const set = folderSet('drawings.zip', await zipFiles('drawings.zip', new Blob([zip])))
    expect(set.classes).toEqual(['boat', 'fish', 'flag', 'house', 'mug', 'tree'])
    expect(config.vision?.classes.filter((name) => set.classes.includes(name.replace(/^(full|hollow) /, '')))).toEqual([])
    expect(parseProcessor('preprocessor_config.json', json('pictures/preprocessor_config.json')).output).toEqual({ height: 32, width: 32 })
    const counts = set.classes.map((_, label) =>
      ['train', 'eval'].map((part) => set.entries.filter((entry) => entry.label === label && entry.part === part).length),
    )
    expect(counts).toEqual(set.classes.map(() => [16, 10]))
    const marks = await Promise.all(set.entries.map(({ file }) => file.mark()))
    expect(new Set(marks).size).toBe(set.entries.length)
  })
})
