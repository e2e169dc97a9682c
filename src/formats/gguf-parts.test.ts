import { describe, expect, it } from 'vitest'
import { readGgufHeader } from './gguf'
import { type GgufEntry, writeGguf } from './gguf-write'
import { MemorySource } from './memory-source'
import { openModel } from './open-model'
import { smallGguf } from './testing/small-models'

const whole = smallGguf()

/** The small model in parts as llama-gguf-split writes them: only the first has the model's metadata. */
async function parts(count: number, name = 'm', tensorsCount?: number): Promise<MemorySource[]> {
  const source = new MemorySource('m.gguf', whole)
  const { tensors, spans } = await readGgufHeader(source)
  const all = await Promise.all(
    [...tensors.values()].map(async (t) => ({
      name: t.name,
      dimensions: t.dimensions,
      type: t.type,
      bytes: await source.read(t.offset, t.sizeBytes!),
    })),
  )
  return Array.from({ length: count }, (_, number) => {
    const about: Record<string, GgufEntry> = {
      'split.no': { type: 'u32', value: number },
      'split.count': { type: 'u32', value: count },
      'split.tensors.count': { type: 'i32', value: tensorsCount ?? all.length },
    }
    const copied = number ? [] : [...spans.values()].map(([start, end]) => whole.slice(start, end))
    const of = all.filter((_, i) => i % count === number)
    return new MemorySource(`folder/${name}-0000${number + 1}-of-0000${count}.gguf`, writeGguf(about, of, copied))
  })
}

describe('a GGUF model in parts', () => {
  it('is the model of the whole file, in whatever order the parts come', async () => {
    const one = await openModel([new MemorySource('m.gguf', whole)])
    const split = await openModel((await parts(3)).reverse())
    expect(split.config).toEqual({ ...one.config, raw: split.config.raw })
    expect([...split.tensors.keys()].sort()).toEqual([...one.tensors.keys()].sort())
    for (const [name, entry] of one.tensors) {
      const rows = entry.shape.length > 1 ? entry.shape[0]! : 1
      expect(await split.tensors.get(name)!.readRows(0, rows)).toEqual(await entry.readRows(0, rows))
    }
    expect(split.sizeBytes).toBe(one.sizeBytes)
  })

  it('names the parts that are missing', async () => {
    const [first, second, third] = await parts(3)
    await expect(openModel([first!, third!])).rejects.toThrow(
      /expected all 3 parts of the model, got none named m-00002-of-00003\.gguf\. Choose all parts together, or their folder/,
    )
    await expect(openModel([second!])).rejects.toThrow(/got none named m-00001-of-00003\.gguf, m-00003-of-00003\.gguf\./)
  })

  it('refuses parts that do not belong together', async () => {
    const [first, second] = await parts(2)
    const [, other] = await parts(3)
    await expect(openModel([first!, (await parts(2, 'n'))[1]!])).rejects.toThrow(/expected one GGUF file, got 2/)
    await expect(openModel([first!, new MemorySource(second!.name, await bytesOf(other!))])).rejects.toThrow(
      /model in 2 files, got one of 3/,
    )
    await expect(openModel([first!, new MemorySource(second!.name, await bytesOf(first!))])).rejects.toThrow(/got part 1 a second time/)
    await expect(openModel(await parts(2, 'm', 9))).rejects.toThrow(/expected 9 tensors in all parts, got 4/)
  })
})

const bytesOf = (source: MemorySource) => source.read(0, source.sizeBytes)
