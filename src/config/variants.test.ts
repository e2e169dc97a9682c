// A comparison's runs as plain data: which there are, what they are called, and what is refused.
import { describe, expect, it } from 'vitest'
import { methodNamed } from '../peft/registry'
import { trainingFields } from './run-config'
import { parseAxis, variantsOf } from './variants'

const [lora, ia3, qlora] = ['lora', 'ia3', 'qlora'].map(methodNamed)
const grid = (methods: (typeof lora)[], ...axes: string[]) =>
  variantsOf(
    methods,
    axes.map((axis) => parseAxis(axis, methods, trainingFields)),
    trainingFields,
  )
it('a base precision that no chosen method takes is refused, and not left out silently', () => {
  expect(() => grid([qlora], 'base=nf4,f16')).toThrow('vary base: expected values that a chosen method takes (nf4-dq, ')
  expect(grid([qlora, lora], 'base=nf4,f16').map(({ base }) => base)).toEqual(['nf4', 'nf4', 'f16'])
})

const names = (...given: Parameters<typeof grid>) => grid(...given).map(({ name }) => name)

describe('the runs of a comparison', () => {
  it('are one for each combination of the values that a method has, named by what differs', () => {
    expect(names([lora, ia3])).toEqual(['LoRA', 'IA3'])
    expect(names([lora, ia3], 'lora.r=8,16', 'seed=1,2')).toEqual([
      'LoRA r 8, seed 1',
      'LoRA r 8, seed 2',
      'LoRA r 16, seed 1',
      'LoRA r 16, seed 2',
      'IA3 seed 1',
      'IA3 seed 2',
    ])
    // A seed is named last, and its runs are beside each other.
    expect(names([lora], 'seed=1,2', 'lora.r=8,16')).toEqual([
      'LoRA r 8, seed 1',
      'LoRA r 8, seed 2',
      'LoRA r 16, seed 1',
      'LoRA r 16, seed 2',
    ])
    expect(names([lora, ia3], 'lora.seed=1,2')).toEqual(['LoRA seed 1', 'LoRA seed 2', 'IA3'])
    expect(grid([lora], 'r=8', 'seed=1,2', 'lr=0.001').map(({ group, settings, training }) => ({ group, settings, training }))).toEqual([
      { group: 'LoRA', settings: { r: 8 }, training: { seed: 1, learningRate: 0.001 } },
      { group: 'LoRA', settings: { r: 8 }, training: { seed: 2, learningRate: 0.001 } },
    ])
  })

  it('take values with commas, sizes of no setting, task descriptions and base precisions', () => {
    expect(grid([lora], 'targetModules=q_proj,v_proj|all-linear').map(({ settings }) => settings.targetModules)).toEqual([
      'q_proj,v_proj',
      'all-linear',
    ])
    expect(names([lora], 'task=|Say which of the two shops is the better one.')).toEqual([
      'LoRA no task',
      'LoRA task “Say which of the two sho…”',
    ])
    expect(names([lora], 'shots=2,all', 'seed=0,1')).toEqual([
      'LoRA shots 2, seed 0',
      'LoRA shots 2, seed 1',
      'LoRA shots all, seed 0',
      'LoRA shots all, seed 1',
    ])
    expect(names([methodNamed('vpt')], 'deep=false,true')).toEqual(['Visual prompt tuning shallow', 'Visual prompt tuning deep'])
    expect(names([lora], 'flip=false,true')).toEqual(['LoRA flip off', 'LoRA flip on'])
    expect(grid([lora, qlora], 'base=native,nf4-dq').map(({ name, base }) => [name, base])).toEqual([
      ['LoRA base native', 'native'],
      ['LoRA base nf4-dq', 'nf4-dq'],
      // The method is meant for one of them only, so that nothing differs.
      ['QLoRA', 'nf4-dq'],
    ])
  })

  it('are refused by name', () => {
    const refused: [() => unknown, string][] = [
      [() => names([lora, lora]), 'methods: expected each method once, got lora twice'],
      [() => names([lora], 'dora.r=8'), 'vary dora.r: expected one of the chosen methods lora, got dora'],
      [() => names([ia3], 'rank=8'), 'vary rank: expected a setting of a chosen method or of training, got rank'],
      [() => names([lora], 'length=64,128'), 'vary length: runs that are evaluated on other rows'],
      [() => names([lora], 'eval-rows=64,128'), 'vary eval-rows: runs that are evaluated on other rows'],
      [() => names([lora], 'r=8,0'), 'vary r: expected a whole number from 1 to'],
      [() => names([lora], 'r=8,8'), 'vary r: expected each value once, got 8 twice'],
      [() => names([lora], 'seed'), 'vary seed: expected values, got none'],
      [() => names([lora], 'seed=1', 'seed=2'), 'vary seed: expected each setting once'],
      [() => names([lora], `seed=${Array.from({ length: 501 }, (_, i) => i)}`), 'comparison: expected at most 500 runs'],
    ]
    for (const [make, words] of refused) expect(make, words).toThrow(words)
  })
})
