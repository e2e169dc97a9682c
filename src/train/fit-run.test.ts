// A run that would not fit is made to fit without another result, as little as needed; else every change that would make it fit is named.
import { describe, expect, it } from 'vitest'
import { defaultDataOptions } from '../config/data-options'
import { defaults } from '../config/field'
import { sentence } from '../config/phrase'
import { type TrainingSettings, defaultTraining } from '../config/run-config'
import type { MicroBatch } from '../data/micro-batch'
import { fileSource } from '../data/data-source'
import { openData } from '../data/open-data'
import { rowsAt } from '../data/run-rows'
import { profileFor } from '../gpu/profile'
import { randomModel } from '../models/random-model'
import { planModel } from '../peft/loaded-model'
import { methodNamed } from '../peft/registry'
import type { Slot } from '../tensor/tensor'
import { noTokenizer } from '../tokenizer/no-tokenizer'
import type { DeviceRoom } from './device-room'
import { fitRequest, sufficientBytes } from './fit-run'
import type { RunRequest } from './run-request'
import { waysToFit } from './ways-to-fit'

const profile = profileFor({
  software: true,
  subgroup: 1,
  scalarLoads: false,
  maxBindingBytes: 2 ** 27,
  maxBufferBytes: 2 ** 28,
})
const shape = { family: 'llama', layers: 2, hidden: 64, intermediate: 128, heads: 2, kvHeads: 1, vocab: 96, context: 64 }
const file = randomModel('fit', shape)
const model = planModel(file, 'f32', profile.maxBindingBytes)
const lines = Array.from({ length: 9 }, (_, i) => ({ input_ids: Array.from({ length: 20 + 4 * i }, (_, t) => (i * 37 + t) % 96) }))

async function requested(name: string, training: Partial<TrainingSettings>): Promise<RunRequest> {
  const method = methodNamed(name)
  const settings = defaultTraining({ batchSize: 4, maxLength: 48, epochs: 2, ...training })
  const data = fileSource(new File([lines.map((line) => JSON.stringify(line)).join('\n')], 'rows.jsonl'))
  const read = await openData({ data }, { tokenizer: noTokenizer(96), keep: 64 }, { ...defaultDataOptions, holdOut: 0 })
  return { model, method, settings: defaults(method.fields), training: settings, rows: rowsAt(read, settings.maxLength) }
}

/** A device that gives this many bytes beside the base. */
function roomOf(bytes: number): Pick<DeviceRoom, 'gives' | 'bytes'> {
  const gives = async (slots: readonly Slot[]) => slots.reduce((sum, slot) => sum + slot.sizeBytes, 0) <= bytes
  return { gives, bytes: async () => bytes + model.plan.sizeBytes }
}

const megabytes = (bytes: number) => bytes / 2 ** 20
const plain = (planned: Awaited<ReturnType<typeof fitRequest>>) => ({
  ...planned.request.fit,
  roomBytes: undefined,
  words: planned.memory.fitted && sentence(planned.memory.fitted),
})

describe('a run with a limit', () => {
  it('is left as it is if it fits', async () => {
    const request = await requested('lora', {})
    const { memory, run } = await fitRequest({ profile, room: roomOf(2 ** 30) }, request)
    expect([memory.fitted, memory.problem, memory.extraWork]).toEqual([undefined, undefined, undefined])
    expect(run.plan.training).toMatchObject({ batchSize: 4, optimizerMemory: 'auto' })
  })

  it('takes no more rows at once than there are', async () => {
    const bytesOf = async (batchSize: number) => {
      const { memory, run, batches } = await fitRequest({ profile }, await requested('lora', { batchSize }))
      expect([run.plan.training.batchSize, batches.steps]).toEqual([9, 2])
      return memory.totalBytes
    }
    expect(await bytesOf(500)).toBe(await bytesOf(9))
  })

  it('says that the warm-up is not over when the run ends', async () => {
    const noticeOf = async (steps: number) => (await fitRequest({ profile }, await requested('lora', { steps, warmup: 10 }))).memory.notice
    expect(sentence((await noticeOf(10))!)).toContain('The warm-up of 10 steps is not over when the run of 10 steps ends')
    expect(await noticeOf(20)).toBeUndefined()
  })

  it('computes layers again first, then moves optimizer states, then takes fewer rows at once', async () => {
    const request = await requested('full', {})
    const whole = (await fitRequest({ profile }, request)).memory.totalBytes
    const least = await sufficientBytes(profile, request)
    const seen: string[] = []
    for (const share of [0.9, 0.4, 0.2, 0]) {
      const limit = least + share * (whole - least)
      const planned = await fitRequest({ profile }, { ...request, training: { ...request.training, memoryBudget: megabytes(limit) } })
      expect(planned.memory.problem, String(share)).toBeUndefined()
      expect(planned.memory.totalBytes).toBeLessThanOrEqual(limit)
      const { atOnce = 4, paged = false, words } = plain(planned)
      const way = `${atOnce} ${paged ? 'paged' : ''}`
      if (seen.at(-1) !== way) seen.push(way)
      expect(words ?? '').toMatch(atOnce < 4 ? /4 rows is computed \d at a time/ : /^(?!.*at a time)/)
      expect(words ?? '').toMatch(paged ? /states are in main memory/ : /^(?!.*main memory)/)
    }
    expect(seen.length, seen.join()).toBeGreaterThan(2)
    expect(seen[0]).toBe('4 ')
    expect(seen.at(-1)).toBe('1 paged')
  })

  it('is limited by the device as by a budget, and leaves choices of the person', async () => {
    const request = await requested('full', { optimizerMemory: 'gpu' })
    const whole = await fitRequest({ profile }, request)
    const room = roomOf((whole.memory.totalBytes - model.plan.sizeBytes) * 0.7)
    const planned = await fitRequest({ profile, room }, request)
    expect(planned.memory.problem).toBeUndefined()
    expect(plain(planned).paged).toBeUndefined()
    expect(plain(planned).words).toMatch(/^This graphics device gives at most .+ As set, the run would take /)
  })

  it('has the same rows in each step when fewer are on the GPU at once', async () => {
    const request = await requested('lora', {})
    const whole = await fitRequest({ profile }, request)
    const cut = await fitRequest({ profile }, { ...request, fit: { atOnce: 1 } })
    expect(cut.batches.steps).toBe(whole.batches.steps)
    expect(cut.run.memory.totalBytes).toBeLessThan(whole.run.memory.totalBytes)
    const words = ({ ids, targets, rows, length }: MicroBatch) =>
      Array.from({ length: rows }, (_, row) =>
        [ids, targets].map((all) => [...all.subarray(row * length, (row + 1) * length)].filter((id, t) => id > 0 || t === 0).join()),
      )
    for (let i = 0; i < whole.batches.train.count; i++) {
      const pieces = await cut.batches.train.get(i)
      const [batch] = await whole.batches.train.get(i)
      expect(pieces.reduce((sum, piece) => sum + piece.supervised, 0)).toBe(batch.supervised)
      expect(pieces.flatMap(words).map(([ids]) => ids)).toEqual(
        words(batch)
          .map(([ids]) => ids)
          .filter((ids) => ids !== '0'),
      )
      for (const piece of pieces) expect(cut.batches.trainLengths).toContain(piece.length)
    }
  })

  it('names every change that makes it fit, with the least that it takes, if nothing else helps', async () => {
    const asked = await requested('lora', { optimizerMemory: 'gpu' })
    // Of such a rank that the states may have 8 bits.
    const request = { ...asked, settings: { ...asked.settings, r: 64 } }
    const least = await sufficientBytes(profile, request)
    const budget = megabytes(least - 60_000)
    const tight = { ...request, training: { ...request.training, memoryBudget: budget } }
    const { memory } = await fitRequest({ profile }, tight)
    expect(sentence(memory.problem!)).toMatch(
      /^The memory budget is .+ This run takes at least .+, even with everything that keeps its result\.$/,
    )
    const ways = await waysToFit({ profile }, tight)
    const named = ways.map(({ words, price }) => `${sentence(words)}: ${sentence(price)}`)
    expect(named).toEqual([
      expect.stringMatching(/^A memory budget of \d+ MiB: /),
      expect.stringMatching(/^The optimizer’s states in main memory: The result is the same/),
      expect.stringMatching(/^AdamW with 8-bit states: /),
      expect.stringMatching(/^A maximum length of 32 tokens: 5 of 9 rows are cut\.$/),
      expect.stringMatching(/^The base in 4 bits \(NF4\): /),
      expect.stringMatching(/^Updates only beside q_proj and v_proj: /),
      'The method BitFit: It trains fewer weights. What it can learn differs.',
      'The method IA3: It trains fewer weights. What it can learn differs.',
    ])
    for (const { bytes } of ways.slice(1)) expect(bytes).toBeLessThanOrEqual(budget * 2 ** 20)
    const eight = await fitRequest({ profile }, { ...tight, training: { ...tight.training, ...ways[1].change.training } })
    expect(eight.memory.problem).toBeUndefined()
    expect(await waysToFit({ profile }, request)).toEqual([])
    const [smaller] = await waysToFit({ profile }, request, true)
    expect(sentence(smaller.words)).toMatch(/^A memory budget of \d+ MiB$/)
    expect(
      (await fitRequest({ profile }, { ...request, training: { ...request.training, ...smaller.change.training } })).memory.problem,
    ).toBeUndefined()
  })
})
