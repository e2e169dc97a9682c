// Adapters for other programs and runs for other engines, on the fake engine.
import { unzipSync } from 'fflate'
import { expect, it } from 'vitest'
import { sentence } from '../config/phrase'
import { makeStudio, readyStudio, rows } from '../testing/fake-studio'
import { memoryKeeping } from './keeping'

it('writes an adapter for another program in the type that the person prefers', async () => {
  const studio = await readyStudio()
  const id = studio.start() ?? ''
  await studio.queue.done(id)
  studio.preferences.set({ adapterType: 'bf16' })
  const saved: [string, Blob][] = []
  await studio.exporting.adapter(id, 'mlx', (name, file) => saved.push([name, file]))
  expect(saved.map(([name]) => name)).toEqual(['LoRA-1-mlx.zip'])
  const files = unzipSync(new Uint8Array(await saved[0]![1].arrayBuffer()))
  expect(new TextDecoder().decode(files['LoRA-1-mlx/for.txt'])).toBe('mlx bf16')
})

it('exports a run with the loss of its first step, and names what is not open', async () => {
  const keeping = memoryKeeping()
  const studio = await readyStudio(keeping)
  const id = studio.start() ?? ''
  await studio.queue.done(id)
  const saved: [string, Blob][] = []
  await studio.exporting.run(id, (name, file) => saved.push([name, file]))
  expect(studio.tasks.store.getState().failed).toBeUndefined()
  const firstLoss = studio.runs.seriesOf(id).steps.columns.loss![0]
  expect(saved.map(([name]) => name)).toEqual(['LoRA-1-elsewhere.zip'])
  expect(JSON.parse(await saved[0]![1].text())).toEqual({
    method: 'lora',
    name: 'LoRA-1-elsewhere',
    firstLoss,
    rowsFingerprint: 'of rows.jsonl',
  })

  await studio.openData({ path: 'other.jsonl', file: new File([rows], 'other.jsonl') })
  await studio.exporting.run(id, () => expect.unreachable())
  expect(sentence(studio.tasks.store.getState().failed!.reason)).toBe('Open the data rows.jsonl to export this run.')
  await studio.openData({ path: 'rows.jsonl', file: new File([`${rows}\n${rows}`], 'rows.jsonl') })
  await studio.exporting.run(id, () => expect.unreachable())
  expect(sentence(studio.tasks.store.getState().failed!.reason)).toMatch(
    /^export: expected the \d+ rows of rows\.jsonl that the run was trained on, got/,
  )
  const fresh = makeStudio({}, keeping)
  await fresh.runs.load()
  await fresh.exporting.run(id, () => expect.unreachable())
  expect(sentence(fresh.tasks.store.getState().failed!.reason)).toBe('Open the model tiny to export this run.')
})
