// Result files become rows; odd ones are refused by name.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { BenchModel } from '../config/bench-models'
import { deviceFile, deviceFileText } from '../config/device-file'
import { messageOf } from '../config/errors'
import { madeModel as model, madeReport as report } from '../testing/made-bench'
import { deviceTable, readDeviceFile } from './device-rows'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tabtune-devices-'))
})
afterAll(() => rm(folder, { recursive: true }))

const good = deviceFile(report, ' My laptop ', new Date('2026-11-30T12:00:00Z'))!
async function read(content: string): ReturnType<typeof readDeviceFile> {
  const path = join(folder, 'one.json')
  await writeFile(path, content)
  return readDeviceFile(path)
}

it('a file has a row with its rates and its longest parts', async () => {
  const file = await read(deviceFileText(good))
  expect(file.measured[0].hostMs).toBe(8.123)
  expect(deviceTable([file]).split('\n')[2]).toBe(
    '| My laptop<br>apple metal-3 | Safari 26 on Mac OS X<br>2026-11-30 | 100 / 40.0 GFLOP/s<br>5.00 GB/s<br>3.50 µs | **64.0** (1 × 128, exact); 75 %; products forward 75 % | – | left out |',
  )
})

it('there is no file without a model', () => {
  expect(deviceFile({ ...report, models: { measured: [], leftOut: [] } }, '', new Date())).toBeUndefined()
})

const changed = (change: Partial<BenchModel>) => ({ ...good, measured: [{ ...model, ...change }] })
it.each<[string, unknown, RegExp]>([
  ['another file', { rows: [] }, /tabtuneDevice to be there, got none/],
  ['a later version', { ...good, tabtuneDevice: 2 }, /tabtuneDevice to be 1, got 2/],
  ['a name that leaves its cell', { ...good, device: 'a | b' }, /device to be one line of plain words/],
  ['a program that brings a picture', { ...good, machine: '![x](http://example.org)' }, /machine to be one line/],
  ['a date that is none', { ...good, date: '2026-13-45' }, /date to be a date/],
  ['a model that is none of ours', changed({ workload: 'gpt-5' }), /measured\.0\.workload to be one of smollm2-135m LoRA NF4/],
  ['a time of nothing', changed({ ms: 0 }), /measured\.0\.ms to be more than 0, got 0/],
  ['a share that is text', changed({ share: '1' as never }), /measured\.0\.share to be a number, got "1"/],
  ['a key that nobody knows', { ...good, extra: 1 }, /extra to be absent/],
  ['a rate that its time denies', changed({ tokensPerSecond: 640 }), /measured\.0\.tokensPerSecond to be the tokens of a step divided/],
  ['work that its time denies', changed({ gflop: 600 }), /measured\.0\.gflops to be the work/],
  ['parts that do not make a step', changed({ parts: [model.parts[0]] }), /the parts of measured\.0/],
  ['more than the device can do', changed({ gflop: 600, gflops: 300 }), /measured\.0 to be no faster/],
])('%s is refused by name', async (_, content, message) => {
  const error = await read(JSON.stringify(content)).then(
    () => undefined,
    (thrown: unknown) => messageOf(thrown),
  )
  expect(error).toMatch(/one\.json: expected/)
  expect(error).toMatch(message)
})

it('text that is no JSON, and a file that does not exist', async () => {
  await expect(read('{')).rejects.toThrow('one.json: expected JSON, got other text')
  await expect(readDeviceFile(join(folder, 'absent.json'))).rejects.toThrow('there is no such file')
})
