// Settings that config.json lacks have the values of transformers' classes (e2e/interop/config_defaults.py).
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { hfConfig } from './hf-config'

interface Defaults {
  headDim: number
  context: number
  ropeTheta: number
  ropeDim: number
  normEpsilon?: number
}

const { sizes, models } = JSON.parse(readFileSync('e2e/interop/goldens/config_defaults.json', 'utf8')) as {
  sizes: Record<string, number>
  models: Record<string, Defaults>
}

it.each(Object.entries(models))('%s', (modelType, expected) => {
  const { headDim, context, ropeTheta, ropeDim = headDim, normEpsilon } = hfConfig('config.json', { ...sizes, model_type: modelType })
  expect({ headDim, context, ropeTheta, ropeDim, ...('normEpsilon' in expected && { normEpsilon }) }).toEqual(expected)
})
