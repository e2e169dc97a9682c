// What every record must hold, whichever the family; goldens show whether it is true.
import { describe, expect, it } from 'vitest'
import { ggufName, hfName } from '../gguf-names'
import { embeddingName, headName, layersName, wholeName } from '../hf-names'
import { families, familyOfType, filesOf } from './registry'

const repeated = (values: readonly string[]) => values.filter((value, i) => values.indexOf(value) !== i)

it('no two families claim a name or a model_type', () => {
  expect(repeated(families.map(({ name }) => name))).toEqual([])
  expect(repeated(families.map(({ label }) => label))).toEqual([])
  expect(repeated(families.flatMap(({ modelTypes }) => modelTypes))).toEqual([])
})

describe.each(families)('$name', (files) => {
  const { name, tensors, modelTypes, ggufKeys } = files

  it('is found by its name and by each of its model_types', () => {
    expect(filesOf(name)).toBe(files)
    for (const type of modelTypes) expect(familyOfType(type)).toBe(name)
  })

  it('names each tensor once in either form, so that names go there and back', () => {
    for (const form of [0, 1]) expect(repeated(tensors.map((pair) => pair[form]!))).toEqual([])
    for (const [gguf, hf] of tensors) {
      const [one, other] = [gguf, hf].map((text) => `${text.replace('{n}', '7')}.weight`)
      expect(hfName(name, one!)).toBe(other)
      expect(ggufName(name, other!)).toBe(one)
    }
  })

  it('has an embedding, a head and blocks, which bare models name without their first module', () => {
    const bare = (full: string) => full.replace(/^\w+\./, '')
    for (const full of [embeddingName(name), `${layersName(name)}.0.x.weight`]) expect(wholeName(name, bare(full))).toBe(full)
    expect(wholeName(name, headName(name))).toBe(headName(name))
    expect(ggufName(name, headName(name))).toBe('output.weight')
  })

  it('writes every size that llama.cpp reads, and one epsilon', () => {
    expect(repeated(ggufKeys.map(([key]) => key))).toEqual([])
    const fields = ggufKeys.map(([, , field]) => field)
    for (const field of ['layers', 'context', 'hidden', 'intermediate', 'heads', 'vocab'] as const) expect(fields).toContain(field)
    expect(fields.filter((field) => field === 'normEpsilon')).toHaveLength(1)
  })
})
