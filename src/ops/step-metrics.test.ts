import { describe, expect, it } from 'vitest'
import { structFields } from '../gpu/struct-layout'
import { placesOf, readStepMetrics, stepMetricsBytes, stepMetricsPart } from './step-metrics'

const names = ['loss', 'gradNorm', 'finite', 'clipFactor', 'right', 'halted']

describe("a step's metrics", () => {
  it('are read by the names of the shader', () => {
    const values = new Float32Array(stepMetricsBytes / 4).map((_, i) => i + 1)
    expect(readStepMetrics(values.buffer)).toEqual({ loss: 1, gradNorm: 2, finite: 3, clipFactor: 4, right: 5, halted: 6 })
  })

  it('that only one side knows are named, with the shader', () => {
    expect([...placesOf(stepMetricsPart, names).keys()]).toEqual(names)
    expect(() => placesOf(stepMetricsPart, [...names.slice(1), 'lossScale'])).toThrow(
      'shader common/step_metrics: expected in StepMetrics lossScale, got none; no loss, got one. Correct it, or src/ops/step-metrics.ts.',
    )
  })

  it('are a struct of single numbers, in a shader that has it', () => {
    expect(structFields('common/step_state', 'StepState')[1]).toEqual({ name: 'supervised', type: 'u32' })
    expect(() => structFields('common/index', 'StepMetrics')).toThrow('shader common/index: expected struct StepMetrics, got none.')
  })
})
