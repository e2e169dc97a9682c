import { describe, expect, it } from 'vitest'
import { checkBindings, parseBindings } from './bindings'
import { shaderNames, shaderText } from './shaders'

const bound = (label: string, dtype: 'f32' | 'u32' | 'i32' = 'f32') => ({ label, dtype })

describe('bindings', () => {
  it.each(shaderNames)('of %s are all understood', (name) => {
    const places = [...shaderText(name).matchAll(/@binding\((\d+)\) var<(?!uniform)/g)].map(([, place]) => Number(place))
    expect(parseBindings(shaderText(name)).map(({ place }) => place)).toEqual(places)
  })

  it('give names and types of numbers, but none for structs and packed weights', () => {
    const text = `@group(0) @binding(1) var<storage, read> ids: array<u32>;
      // @binding(2) var<storage, read> old: array<i32>;
      @group(0) @binding(2) var<storage, read_write> x: array<vec4<f32>>;
      @group(0) @binding(3) var<storage, read> state: StepState;
      @group(0) @binding(4) var<storage, read> weights: array<Word>;`
    expect(parseBindings(text)).toEqual([
      { place: 1, name: 'ids', dtype: 'u32' },
      { place: 2, name: 'x', dtype: 'f32' },
      { place: 3, name: 'state', dtype: undefined },
      { place: 4, name: 'weights', dtype: undefined },
    ])
  })

  it('tensors of another type or number are an error that names the shader', () => {
    const kernel = { file: 'scatter_rows', parts: ['common/index', 'common/vectors_4'] }
    const [place, from, to] = [bound('place', 'u32'), bound('rows'), bound('dx')]
    expect(() => checkBindings(kernel, [place, from, to])).not.toThrow()
    expect(() => checkBindings(kernel, [bound('place', 'i32'), from, to])).toThrow(
      new Error('shader scatter_rows: expected place to be u32, got place, which is i32.'),
    )
    expect(() => checkBindings(kernel, [place, from])).toThrow(
      /^shader scatter_rows: expected 3 tensors \(place, \w+, \w+\), got 2 \(place, rows\)\.$/,
    )
  })

  it('of a kernel with snippets are those of both', () => {
    const parts = ['common/product', 'common/add_product', 'common/low_rank', 'quant/f32']
    const five = ['x', 'W', 'y', 'A x', 'B'].map((label) => bound(label))
    expect(() => checkBindings({ file: 'matmul_tiled', parts }, five)).not.toThrow()
    expect(() => checkBindings({ file: 'matmul_tiled', parts }, five.slice(0, 3))).toThrow('expected 5 tensors')
  })
})
