// The graphics device is lost while the engine is idle, loads, evaluates, generates and merges. Page and engine must agree at all times.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { sentence } from '../config/phrase'
import { defaultTraining } from '../config/run-config'
import { Gpu } from '../gpu/gpu'
import { losingGpu } from '../testing/losing-gpu'
import { memoryFolders } from '../testing/memory-folder'
import { noTunings } from '../testing/no-tunings'
import { saying } from '../testing/saying'
import { nodeGpu } from '../cli/node/node-gpu'
import { directRenderer } from '../tokenizer/template-renderer'
import type { DeviceNews, PickedFile, Progress, Result } from './api'
import { Engine } from './engine'

const demo = resolve(import.meta.dirname, '../../public/demo')
const names = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json']
const fileOf = (name: string): PickedFile => ({
  path: `demo/${name}`,
  file: new File([new Uint8Array(readFileSync(join(demo, name)))], name),
})
const training = defaultTraining({ batchSize: 2, maxLength: 64 })
const options = { format: 'auto', trainOn: 'completion', holdOut: 0.005, skipBadLines: false, seed: 0 } as const
const question = { runIds: [undefined], prompt: 'There is a game', maxTokens: 5, temperature: 0, seed: 0, asPrompt: false }

async function unwrapped<T>(result: Promise<Result<T>>): Promise<T> {
  const got = await result
  if (!got.ok) throw new Error(sentence(got.error.phrase))
  return got.value
}

async function started(files: PickedFile[] = names.map(fileOf)) {
  const losing = losingGpu(await nodeGpu())
  const engine = new Engine({ gpu: losing.gpu, renderer: directRenderer, tunings: noTunings, folders: memoryFolders() })
  const news: DeviceNews[] = []
  void engine.watch((one) => news.push(one))
  const load = (onProgress: (p: Progress) => void = () => undefined) => engine.loadModel(files, 'native', onProgress)
  return {
    engine,
    news,
    load,
    ...losing,
    types: () => news.map((n) => n.type),
    crash: (reportMs?: number) => losing.devices.at(-1)!.crash(reportMs),
    until: (type: DeviceNews['type']) => vi.waitFor(() => expect(news.some((n) => n.type === type)).toBe(true), { timeout: 60_000 }),
  }
}

/** Crashes the device when the `nth` buffer named `label` is made from now on. */
function crashAt(label: RegExp, nth: number, crash: () => void): void {
  const whole = Gpu.prototype.buffer
  let count = 0
  vi.spyOn(Gpu.prototype, 'buffer').mockImplementation(function (this: Gpu, name, ...rest) {
    if (label.test(name) && ++count === nth) crash()
    return whole.call(this, name, ...rest)
  })
}

afterEach(() => vi.restoreAllMocks())

describe('a lost device', { timeout: 240_000 }, () => {
  // The browser may end what waits for the device before it reports the loss, as in the second of these.
  it('comes back with its model while the engine is idle, evaluates or generates', async () => {
    const { engine, load, crash, devices, types, until } = await started()
    await unwrapped(load())
    await unwrapped(engine.loadData(fileOf('train.jsonl'), undefined, options, 64, () => undefined))
    const before = await unwrapped(engine.evaluate(undefined, training, () => undefined))
    const answer = (await unwrapped(engine.generate(question, () => undefined)))[0].text
    crash()
    await until('recovered')
    expect(types()).toEqual(['recovering', 'recovered'])

    const phases: string[] = []
    const evaluation = await unwrapped(
      engine.evaluate(undefined, training, ({ phase, rows }) => {
        phases.push(phase)
        if (rows?.done && devices.length === 2) crash(300)
      }),
    )
    expect(evaluation).toEqual(before)
    expect(phases).toContain('recovering')

    let told = 0
    const again = await unwrapped(engine.generate(question, () => void (told++ || crash())))
    expect(again[0].text).toBe(answer)
    expect(devices).toHaveLength(4)
    expect(types()).toEqual([1, 2, 3].flatMap(() => ['recovering', 'recovered']))
  })

  it('does not stop a model from being loaded, first or second', async () => {
    const { engine, load, crash, until, types } = await started()
    crashAt(/down_proj/, 2, () => crash())
    const phases = new Set<string>()
    await unwrapped(load(({ phase }) => phases.add(phase)))
    expect(phases).toContain('recovering')
    vi.restoreAllMocks()
    const first = (await unwrapped(engine.generate(question, () => undefined)))[0].text
    crashAt(/down_proj/, 1, () => crash(200))
    await unwrapped(load())
    vi.restoreAllMocks()
    await until('recovered')
    expect((await unwrapped(engine.generate(question, () => undefined)))[0].text).toBe(first)
    expect(types()).toEqual([1, 2].flatMap(() => ['recovering', 'recovered']))
  })

  it('lost again while its model is put back, is opened once more', async () => {
    const { engine, load, crash, until, devices } = await started()
    await unwrapped(load())
    crashAt(/down_proj/, 1, () => crash())
    crash()
    await until('recovered')
    expect(devices).toHaveLength(3)
    await unwrapped(engine.generate(question, () => undefined))
  })

  it('that is withheld is asked for again, and calls wait for it or are cancelled', async () => {
    const { engine, load, crash, refuse, news, until } = await started()
    await unwrapped(load())
    refuse(6)
    crash()
    const waiting = engine.generate(question, () => undefined)
    await vi.waitFor(() => expect(news).toContainEqual({ type: 'recovering', leftMs: expect.any(Number) }), { timeout: 20_000 })
    await engine.cancel()
    expect(await waiting).toMatchObject({ ok: false, error: { kind: 'Cancelled' } })
    await until('recovered')
    await unwrapped(engine.generate(question, () => undefined))
  })

  const slice = Blob.prototype.slice
  const damages = {
    gone: {
      read: () => {
        throw new DOMException('gone', 'NotFoundError')
      },
      words: /could not be put back.+NotFoundError.+Choose it again/,
    },
    changed: {
      // The last byte of the last weight.
      read: (whole: Blob, from = 0, to = whole.size) => {
        const piece = slice.call(whole, from, to)
        return whole.size > 1e6 && to > whole.size - 4 ? new Blob([slice.call(piece, 0, -1), 'x']) : piece
      },
      words: /could not be put back.+expected the weights that were loaded before, got others.+Choose it again/,
    },
  }
  for (const [how, { read, words }] of Object.entries(damages))
    it(`takes the model with it if its file is ${how}, and the page is told at once`, async () => {
      const { engine, load, crash, until, news } = await started()
      await unwrapped(load())
      vi.spyOn(Blob.prototype, 'slice').mockImplementation(function (this: Blob, from, to) {
        return read(this, from, to)
      })
      crash()
      await until('dropped')
      expect(news.at(-1)).toMatchObject({ error: { kind: 'FormatError', phrase: saying(words) } })
      expect(await engine.generate(question, () => undefined)).toMatchObject({ ok: false, error: { phrase: saying(words) } })
      vi.restoreAllMocks()
      await unwrapped(load())
      await unwrapped(engine.generate(question, () => undefined))
    })

  it('repeats a call once, and then says what to do', async () => {
    const { engine, load, crash } = await started()
    await unwrapped(load())
    const result = await engine.generate(question, () => crash())
    expect(result).toMatchObject({ ok: false, error: { kind: 'DeviceLost', phrase: saying(/lost \(.+\)\. Close other programs/) } })
    await unwrapped(engine.generate(question, () => undefined))
  })

  it('after an error that no call expected, is replaced with its model', async () => {
    const { engine, load, devices, until } = await started()
    await unwrapped(load())
    const before = (await unwrapped(engine.generate(question, () => undefined)))[0].text
    devices[0].device.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE })
    await vi.waitFor(
      async () => {
        await engine.generate(question, () => undefined)
        expect(devices).toHaveLength(2)
      },
      { timeout: 60_000 },
    )
    await until('recovered')
    expect((await unwrapped(engine.generate(question, () => undefined)))[0].text).toBe(before)
  })
})
