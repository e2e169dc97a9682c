// Tests the choice of recomputation on made-up programs whose bytes are known.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Candidate, fitMemory } from './fit-memory'

const layers = 24
const last = 28

interface Named extends Candidate {
  length: number
  step: number
}

/** A layer keeps 20 bytes per token, and its input has 1 byte per token; groups of 5 layers keep one input for all five. */
function model(length: number, step: number): Named {
  const dropped = Math.min(step, layers)
  const inputs = dropped - 4 * Math.max(0, step - layers)
  return { length, step, arenaBytes: length * ((layers - dropped) * 20 + inputs + (step ? 20 : 0)), ownBytes: 256 + 16 * step }
}

function total(found: Map<number, Named>, floor = 0): number {
  const all = [...found.values()]
  return Math.max(floor, ...all.map((c) => c.arenaBytes)) + all.reduce((sum, c) => sum + c.ownBytes, 0)
}

const fit = (lengths: readonly number[], bytes: number, arenaBytes = 0, record = model) =>
  fitMemory(lengths, [layers, last], { bytes, arenaBytes }, record)

describe('fitting a budget', () => {
  it('computes nothing again if everything fits, to the byte', () => {
    const whole = total(new Map([64, 512].map((n) => [n, model(n, 0)])))
    expect([...fit([64, 512], whole).values()].map((c) => c.step)).toEqual([0, 0])
    expect(fit([64, 512], whole - 1).get(512)!.step).toBeGreaterThan(0)
  })

  it('takes the smallest step that fits, for any budget', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300_000 }), (bytes) => {
        const { step } = fit([512], bytes).get(512)!
        const fits = (s: number) => total(new Map([[512, model(512, s)]])) <= bytes
        if (fits(last)) expect(fits(step)).toBe(true)
        else expect(step).toBe(last)
        if (step > 0) expect(fits(step - 1)).toBe(false)
      }),
    )
  })

  it('stays within the budget with several lengths, and does not recompute short ones if there is room', () => {
    const lengths = [32, 128, 384, 512]
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300_000 }), fc.constantFrom(0, 40_000), (bytes, floor) => {
        const found = fit(lengths, bytes, floor)
        expect([...found.keys()].sort((a, b) => a - b)).toEqual(lengths)
        if (bytes >= total(fit(lengths, 0, floor), floor) + 4 * 16 * last) expect(total(found, floor)).toBeLessThanOrEqual(bytes)
      }),
    )
    const steps = lengths.map((n) => fit(lengths, 150_000).get(n)!.step)
    expect(steps[0]).toBe(0)
    expect(steps[3]).toBeGreaterThan(0)
    expect(steps).toEqual(steps.toSorted((a, b) => a - b))
  })

  it('does not group layers further than that saves memory', () => {
    const dear = (length: number, step: number) => ({
      ...model(length, step),
      arenaBytes: model(length, Math.min(step, layers)).arenaBytes + step,
    })
    const smallest = fit([512], 0, 0, dear)
    expect(smallest.get(512)!.step).toBe(layers)
    expect(fit([512], total(smallest), 0, dear).get(512)!.step).toBeLessThanOrEqual(layers)
  })

  it('records few programs', () => {
    let recorded = 0
    fit([512], 60_000, 0, (length, step) => {
      recorded++
      return model(length, step)
    })
    expect(recorded).toBeLessThanOrEqual(8)
  })

  it('chooses nothing without lengths', () => {
    expect(fit([], 0).size).toBe(0)
  })
})
