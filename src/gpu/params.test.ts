// Parameters by name: every struct Params is understood, every mismatch is named, and the words lie as WGSL lays them out.
import { describe, expect, it, test } from 'vitest'
import { tapeKernels } from '../ops/add'
import { Recorder } from '../tensor/recorder'
import { slotTensor } from '../tensor/tensor'
import { type Params, checkParams, packParams, parseParams } from './params'
import { profileFor } from './profile'
import { shaderNames, shaderText } from './shaders'

const norm = { file: 'rms_norm', parts: ['common/rows_serial', 'common/vectors_4'] }
const declared = 'struct Params in shaders/rms_norm.wgsl has rows: u32, row_vectors: u32, epsilon: f32.'
const good = { rows: 2, row_vectors: 16, epsilon: 1e-5 }

const text = (struct: string) => `${struct}\n@group(0) @binding(0) var<uniform> p: Params;\n`

describe('struct Params', () => {
  it.each(shaderNames)('of %s is understood, if there is one', (name) => {
    const layout = parseParams(name, shaderText(name))
    expect(layout !== undefined).toBe(shaderText(name).includes('<uniform>'))
    for (const { name: field } of layout?.fields ?? []) expect(field).toMatch(/^[a-z]\w*$/)
  })

  it('may take several lines and comments', () => {
    const struct = 'struct Params {\n  rows: u32, // of x\n  shift: i32,\n  // a factor\n  scale: f32\n}'
    expect(parseParams('odd', text(struct))?.fields).toEqual([
      { name: 'rows', type: 'u32' },
      { name: 'shift', type: 'i32' },
      { name: 'scale', type: 'f32' },
    ])
  })

  it.each([
    [text('struct Params { size: vec2<u32> }'), 'to be u32, i32 or f32, got "size: vec2<u32>".'],
    [text('struct Params { rows: u32, }'), 'to be u32, i32 or f32, got "".'],
    ['struct Params { rows: u32 }\n@group(0) @binding(1) var<uniform> p: Params;', 'as in shaders/add.wgsl.'],
    ['@group(0) @binding(0) var<uniform> rows: u32;', 'as in shaders/add.wgsl.'],
  ])('that cannot be read is refused: %j', (code, message) => {
    expect(() => parseParams('odd', code)).toThrow(message)
    expect(() => parseParams('odd', code)).toThrow(/^shader odd: expected /)
  })
})

describe('parameters', () => {
  test.each<[what: string, params: Params, problem: string]>([
    ['missing', { rows: 2, row_vectors: 16 }, 'epsilon to be f32 (a number), got none'],
    ['unknown', { ...good, columns: 64 }, 'no columns, got 64'],
    [
      'wrongly named',
      { rows: 2, rowVectors: 16, epsilon: 1e-5 },
      'row_vectors to be u32 (a whole number from 0 to 4294967295), got none; no rowVectors, got 16',
    ],
    ['no whole number', { ...good, rows: 2.5 }, 'rows to be u32 (a whole number from 0 to 4294967295), got 2.5'],
    ['negative', { ...good, rows: -1 }, 'rows to be u32 (a whole number from 0 to 4294967295), got -1'],
    ['too large', { ...good, rows: 2 ** 32 }, 'rows to be u32 (a whole number from 0 to 4294967295), got 4294967296'],
    ['not a number', { ...good, epsilon: NaN }, 'epsilon to be f32 (a number), got NaN'],
    ['a truth value for a float', { ...good, epsilon: true }, 'epsilon to be f32 (a number), got true'],
  ])('%s: the error names the shader and the field', (_what, params, problem) => {
    const message = `shader rms_norm: expected ${problem}. ${declared}`
    expect(() => checkParams(norm, params)).toThrow(new Error(message))
    expect(() => packParams(norm, params)).toThrow(new Error(message))
  })

  it('are found in the snippet that declares them', () => {
    const kernel = { file: 'matmul', parts: ['common/product', 'quant/f32'] }
    expect(() => checkParams(kernel, {})).toThrow(/^shader matmul: .+ struct Params in shaders\/common\/product\.wgsl has rows: u32, /)
  })

  it('of a kernel without parameters are empty', () => {
    const kernel = { file: 'decode_weights' }
    expect(() => checkParams(kernel, { rows: 1 })).toThrow('shader decode_weights: expected no rows, got 1.')
    expect([...packParams(kernel, {})]).toEqual([0, 0, 0, 0])
  })

  it('are packed in the order of the struct, whatever order they are given in', () => {
    const words = packParams(norm, { epsilon: 1e-5, row_vectors: 2 ** 32 - 1, rows: 3 })
    expect([...words.subarray(0, 2), words[3]]).toEqual([3, 2 ** 32 - 1, 0])
    expect(new Float32Array(words.buffer)[2]).toBe(Math.fround(1e-5))
    expect(packParams({ file: 'scaled_by' }, { vectors: 1, accumulate: true })[1]).toBe(1)
  })

  it('are checked where the op is recorded', () => {
    const profile = profileFor({
      software: true,
      subgroup: 1,
      scalarLoads: false,
      maxBindingBytes: 2 ** 27,
      maxBufferBytes: 2 ** 28,
    })
    const r = new Recorder(profile, tapeKernels)
    const x = slotTensor({ label: 'x', purpose: 'inputs', sizeBytes: 256 }, [64])
    const launch = (params: Params) => r.launch({ kernel: { file: 'scale' }, tensors: [x], params, workgroups: [1, 1, 1] })
    expect(() => launch({ vectors: 16, factor: 2 })).toThrow(
      'shader scale: expected scale to be f32 (a number), got none; no factor, got 2.',
    )
    expect(r.launches).toEqual([])
  })
})
