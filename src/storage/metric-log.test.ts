import { describe, expect, it } from 'vitest'
import { sentence } from '../config/phrase'
import { Operations, faultKinds, memoryFolder } from '../testing/memory-folder'
import { metricLog } from './metric-log'

type Files = Map<string, Uint8Array<ArrayBuffer>>
const records = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => ({ step: from + i, loss: 1 / (from + i + 3), what: 'é' }))
const read = (files: Files) => metricLog(memoryFolder(files), 'log').read()

async function logged(...appends: number[]): Promise<Files> {
  const files: Files = new Map()
  const log = metricLog(memoryFolder(files), 'log')
  let from = 0
  for (const count of appends) await log.append(records(from, (from += count)))
  return files
}

describe('the log of metrics', () => {
  it('grows, is cut, and grows again', async () => {
    const files = await logged(2, 0, 3)
    const log = metricLog(memoryFolder(files), 'log')
    expect(await log.next()).toBe(5)
    await log.append(records(5, 7))
    expect(await log.read()).toEqual({ values: records(0, 7), problems: [] })
    await log.cut(4)
    expect(await log.next()).toBe(4)
    await log.append(records(4, 6))
    expect(await read(files)).toEqual({ values: records(0, 6), problems: [] })
    expect((await log.read(8)).problems.map((p) => sentence(p))).toEqual([expect.stringContaining('the records 6 to 7')])
    await log.cut(0)
    expect(await read(files)).toEqual({ values: [], problems: [] })
  })

  it('keeps numbers that JSON does not have', async () => {
    const files: Files = new Map()
    const odd = [{ step: 1, loss: NaN, gradNorm: Infinity, what: '-Infinity or NaN' }, { evalLoss: -Infinity }]
    await metricLog(memoryFolder(files), 'log').append(odd)
    expect(await read(files)).toEqual({ values: odd, problems: [] })
  })

  it('loses a record that was being written, and nothing else', async () => {
    const files = await logged(4)
    const whole = files.get('log')!
    const third = whole.indexOf(10, whole.indexOf(10, whole.indexOf(10) + 1) + 1) + 1
    for (let size = third; size < whole.length; size++) {
      const torn: Files = new Map([['log', whole.slice(0, size)]])
      expect(await read(torn)).toEqual({ values: records(0, 3), problems: [] })
      await metricLog(memoryFolder(torn), 'log').append(records(3, 5))
      expect(await read(torn)).toEqual({ values: records(0, 5), problems: [] })
    }
  })

  it('names a record that changed, in any byte, and keeps the others', async () => {
    const files = await logged(6)
    const whole = files.get('log')!
    const last = whole.lastIndexOf(10, whole.length - 2)
    for (let at = 0; at <= last; at++) {
      const changed = whole.slice()
      changed[at] ^= 1
      const found: Files = new Map([['log', changed]])
      const { values, problems } = await read(found)
      expect(problems.length, `byte ${at}`).toBeGreaterThan(0)
      expect(values.length).toBeGreaterThanOrEqual(4)
      for (const value of values) expect(records(0, 6)).toContainEqual(value)
      // What is added later does not hide the damage.
      await metricLog(memoryFolder(found), 'log').append([{ later: true }])
      expect((await read(found)).problems.length, `byte ${at}, later`).toBeGreaterThan(0)
      expect((await read(found)).values).toContainEqual({ later: true })
    }
    const changed = whole.slice()
    changed[whole.indexOf(10) + 20] ^= 1
    expect((await read(new Map([['log', changed]]))).problems.map((p) => sentence(p))).toEqual([
      'log: expected the records 1 to 1 as they were kept, got none that can be read. The others are complete.',
    ])
  })

  it.each(faultKinds.filter((kind) => kind !== 'lost'))('keeps what was acknowledged where any operation fails: %s', async (kind) => {
    const start = await logged(3)
    for (let at = 1, counted = Infinity; at <= counted; at++) {
      const files: Files = new Map(start)
      const operations = new Operations({ at, kind })
      const log = metricLog(memoryFolder(files, operations), 'log')
      const kept = records(0, 3)
      for (const more of [records(3, 5), records(5, 6)])
        try {
          await log.append(more)
          kept.push(...more)
        } catch (error) {
          expect(error).toMatchObject({ kind: 'FormatError' })
          break
        }
      if (operations.count < at) counted = 0
      const { values, problems } = await read(files)
      expect(values.slice(0, kept.length)).toEqual(kept)
      expect(problems).toEqual([])
    }
  })
})
