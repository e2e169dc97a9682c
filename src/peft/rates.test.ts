import { describe, expect, it } from 'vitest'
import { sentence } from '../config/phrase'
import { methodNamed } from './registry'
import { rateNotice, rateWords, startingTraining } from './rates'

const rateOf = (name: string, parameters?: number) => startingTraining(methodNamed(name), parameters).learningRate

describe('the learning rate', () => {
  it.each(['lora', 'qlora', 'dora'])('of %s follows the size of the model', (name) => {
    expect([undefined, 656e3, 9_999_999, 10e6, 135e6, 999e6, 1e9, 70e9].map((size) => rateOf(name, size))).toEqual([
      1e-3, 1e-3, 1e-3, 2e-4, 2e-4, 2e-4, 1e-4, 1e-4,
    ])
    expect(sentence(rateWords(methodNamed(name), 135e6)!)).toMatch(
      / starts at 0\.0002 on this model: 0\.001 below 10 million weights, 0\.0002 up to 1 billion, 0\.0001 from there\.$/,
    )
  })

  it('of other methods is their own', () => {
    expect([rateOf('full', 135e6), rateOf('ia3', 7e9)]).toEqual([1e-5, 3e-3])
    expect(rateWords(methodNamed('ia3'), 7e9)).toBeUndefined()
  })

  it.each([
    ['lora', 135e6, 2e-3, undefined],
    ['lora', 135e6, 2.1e-3, 'A learning rate of 0.0021 is far above what LoRA usually takes on a model of this size (about 0.0002).'],
    ['lora', 656e3, 2.1e-3, undefined],
    ['ia3', 135e6, 1e-4, 'A learning rate of 0.0001 is far below what IA3 usually takes on a model of this size (about 0.003).'],
    ['full', 135e6, 0, 'The learning rate is 0, so the run changes nothing.'],
  ] as const)('%s on %f weights at %f: %s', (name, size, rate, words) => {
    const notice = rateNotice(methodNamed(name), size, rate)
    if (words === undefined) expect(notice).toBeUndefined()
    else expect(sentence(notice!)).toContain(words)
  })
})
