// Dropped files become what they are.
import { describe, expect, it } from 'vitest'
import { saying } from '../testing/saying'
import { recipeOf } from './data-state'
import { dataFile, makeStudio, modelFiles, readyStudio, until } from '../testing/fake-studio'

describe('files', () => {
  it('reads data that was dropped before its model, once the model is there', async () => {
    const studio = makeStudio()
    await studio.device.check({ secure: true, hasWebGpu: true })
    await studio.openFiles([dataFile()])
    expect(studio.data.store.getState().report).toBeUndefined()
    await studio.openFiles(modelFiles)
    await until(() => studio.data.store.getState().report !== undefined)
    expect(studio.data.store.getState().report?.rows).toBe(40)
  })

  it('of data leave their file to the model that is there, if the model dropped with them cannot be loaded', async () => {
    const studio = await readyStudio()
    await studio.openFiles([
      { path: 'bad/config.json', file: new File(['{}'], 'config.json') },
      { ...dataFile(), path: 'b.jsonl' },
    ])
    await until(() => studio.data.store.getState().report?.name === 'b.jsonl')
    expect(studio.model.store.getState().error).toEqual(saying('expected a .gguf file'))
  })

  it('say the licence of the rows that are dropped with them, and a person may change it', async () => {
    const { openFiles, workbench } = makeStudio()
    const card = { path: 'set/README.md', file: new File(['---\nlicense: cc-by-4.0\n---\n'], 'README.md') }
    const { ignored } = await openFiles([{ ...dataFile(), path: 'set/rows.jsonl' }, card], 'workbench')
    expect(ignored).toEqual([])
    const licence = () => workbench.store.getState().recipe.now.licence
    await until(() => licence() === 'cc-by-4.0' && !workbench.store.getState().stale)
    expect(workbench.store.getState().files).toHaveLength(1)
    workbench.setLicence('mit')
    await openFiles([card, dataFile()], 'workbench')
    await until(() => workbench.store.getState().files.length === 2)
    expect(licence()).toBe('mit')
    await until(() => !workbench.store.getState().stale)
    expect((await workbench.cleaned())?.made.licence).toBe('mit')
  })

  it('say the licence of rows that are opened straight for training, and those of a model do not', async () => {
    const { openFiles, data } = await readyStudio()
    const licence = () => recipeOf(data.store.getState())?.licence
    const card = (path: string, name: string) => ({ path, file: new File([`---\nlicense: ${name}\n---\n`], 'README.md') })
    await openFiles([{ ...dataFile(), path: 'set/rows.jsonl' }, card('set/README.md', 'cc-by-4.0')])
    await until(() => !data.store.getState().loading)
    expect(recipeOf(data.store.getState())).toEqual({ steps: [], licence: 'cc-by-4.0', files: [{ name: 'rows.jsonl' }], makers: {} })
    await openFiles([dataFile()])
    expect(licence()).toBeUndefined()
    const gguf = { path: 'tiny.gguf', file: new File(['GGUF'], 'tiny.gguf') }
    const { about, ignored } = await openFiles([gguf, dataFile(), card('README.md', 'llama3')])
    expect([about.length, ignored.length, licence()]).toEqual([0, 1, undefined])
  })
})
