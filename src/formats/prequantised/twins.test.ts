// Tiny folders that the publishers' packages quantised (e2e/interop/make_prequantised.py): every matrix has the values of its definition,
// as another program read them in float64. src/decode/prequantised.gpu.test.ts compares what the models compute.
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { TensorEntry } from '../model-file'
import { openModel } from '../open-model'
import { weightFormat } from '../quant/registry'
import { prequantisedTwins } from '../testing/shared'

/** All values in f32, read in two pieces, as bytes with 0 for -0. */
async function valuesOf({ shape, format, readRows }: TensorEntry): Promise<Float32Array> {
  const [rows, cols] = shape as [number, number]
  const out = new Float32Array(rows * cols)
  const pieces = weightFormat(format).blockBytes ? [0, 32, rows] : [0, rows]
  for (let i = 1; i < pieces.length; i++) {
    const [from, to] = [pieces[i - 1]!, pieces[i]!]
    out.set(weightFormat(format).decode(await readRows(from, to - from), (to - from) * cols), from * cols)
  }
  return out.map((v) => v + 0)
}

/** In place where the layout has whole groups in order; the base precision native turns the others. */
const formats: Readonly<Record<string, string>> = {
  awq: 'int4-32',
  bnb_fp4: 'fp4',
  bnb_int8: 'int8-32',
  compressed_fp8: 'f32 → q8_0',
  compressed_int4: 'int4-32',
  compressed_int8: 'int8-32',
  fp8_blocks: 'f32 → q8_0',
  gptq_4bit: 'int4-64',
  gptq_4bit_desc_act: 'f32 → q8_0',
  gptq_8bit_v2: 'int8-32',
  mlx_4bit: 'int4-64',
  mlx_6bit: 'int8-32',
  mlx_mxfp4: 'mxfp4',
}

it('every twin is listed', () => expect(prequantisedTwins.map(({ name }) => name)).toEqual(Object.keys(formats)))

describe.each(prequantisedTwins)('$name', ({ name, sources, expected }) => {
  it('has the values of its twin, and says what is made of them', async () => {
    const model = await openModel(sources)
    const found = new Set<string>()
    for (const [key, sha256] of Object.entries(expected.sha256)) {
      const entry = model.tensors.get(key)!
      found.add(entry.native ? `${entry.format} → ${entry.native}` : entry.format)
      const values = await valuesOf(entry)
      // bitsandbytes divides by 127, which is not exact: its twin is compared by what it computes.
      if (name !== 'bnb_int8') expect([key, createHash('sha256').update(values).digest('hex')]).toEqual([key, sha256])
    }
    expect([...found]).toEqual([formats[name]])
    expect(model.quantised?.key).toMatch(/^Quantised by/)
    expect(model.leftOut).toBeUndefined()
    expect([...model.tensors.keys()].filter((key) => !key.endsWith('weight'))).toEqual([])
  })
})
