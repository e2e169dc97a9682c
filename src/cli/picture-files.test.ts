// The classes that a model of pictures is opened for: those of --classes, of the adapter, or its own.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Options } from './options'
import { classesFor } from './picture-files'

let folder = ''
const file = (name: string, value: unknown) => writeFile(join(folder, name), JSON.stringify(value))

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tabtune-classes-'))
  await file('tabtune.json', { classes: ['boot', 'coat'] })
  await file('same.json', ['boot', 'coat'])
  await file('other.json', ['coat', 'boot'])
})

afterAll(() => rm(folder, { recursive: true }))

const opened = (own: readonly string[], ...more: string[]) => classesFor(new Options(['predict', ...more]), own)
const unnamed = ['LABEL_0', 'LABEL_1']

test('they are those of the adapter if the model has others', async () => {
  expect(await opened(unnamed, '--adapter', folder)).toEqual({ names: ['boot', 'coat'], trained: true })
  expect(await opened(['boot', 'coat'], '--adapter', folder)).toEqual({ names: undefined, trained: true })
  expect(await opened(['cat', 'dog', 'owl'], '--init', folder)).toEqual({ names: ['boot', 'coat'], trained: true })
  expect(await opened(unnamed)).toEqual({ names: undefined, trained: false })
})

test('--classes has to agree with the adapter', async () => {
  const classes = (name: string) => ['--classes', join(folder, name)]
  expect(await opened(unnamed, ...classes('other.json'))).toEqual({ names: ['coat', 'boot'], trained: false })
  expect(await opened(unnamed, '--adapter', folder, ...classes('same.json'))).toEqual({ names: ['boot', 'coat'], trained: true })
  await expect(opened(unnamed, '--adapter', folder, ...classes('other.json'))).rejects.toThrow(
    /expected the classes of the adapter \(boot, coat\), got coat, boot\. Leave the option out/,
  )
})
