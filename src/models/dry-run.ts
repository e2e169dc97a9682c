// A forward pass that is recorded and thrown away when a model opens. Whatever recording reads of a model's settings is so read, and
// refused if it makes no sense, before a weight is loaded.
import { packedExperts } from '../ops/expert-weight'
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { ModelFile } from '../formats/model-file'
import { profileFor } from '../gpu/profile'
import { tapeKernels } from '../ops/add'
import type { Weight } from '../ops/weight'
import { Recorder } from '../tensor/recorder'
import { type Tensor, slotTensor } from '../tensor/tensor'
import type { Family } from './family'

const length = 8
const profile = profileFor({
  software: true,
  subgroup: 1,
  scalarLoads: false,
  maxBindingBytes: 2 ** 31,
  maxBufferBytes: 2 ** 31,
})

interface Planned {
  file: ModelFile
  family: Family
  matrices: ReadonlyMap<string, Weight>
  vectors: ReadonlyMap<string, Tensor>
}

/** @throws FormatError for settings that make no sense */
export function tryForward({ file, family, matrices, vectors }: Planned): void {
  const { config, name } = file
  const { headDim, ropeDim = headDim, context } = config
  const tables = family.ropeTables(config, length)
  const scalings = [...tables, ...family.ropeTables(config, context + 1)].flatMap(({ theta, factors = [], scale = 1 }) => [
    theta,
    scale,
    ...factors,
  ])
  const odd = scalings.find((value) => !(value > 0 && value < Infinity))
  if (odd !== undefined)
    throw new FormatError(
      say`${name}: expected rotary frequencies above 0, got ${odd}. Compare the rotary scaling with the publisher's, or choose another model.`,
    )
  const input = (width: number) => slotTensor({ label: 'inputs', purpose: 'inputs', sizeBytes: 4 * length * width }, [length, width], 'u32')
  const r = new Recorder(profile, tapeKernels)
  family.forward({
    r,
    config,
    hooks: {},
    ids: input(1),
    positions: input(1),
    ranges: input(2),
    ropeTables: tables.map(() =>
      slotTensor({ label: 'table', purpose: 'tables', sizeBytes: 4 * length * ropeDim }, [length, ropeDim], 'f32'),
    ),
    batch: 1,
    length,
    matrix: (matrix) => matrices.get(matrix)!,
    experts: (stack, names) => packedExperts(matrices.get(stack)!, matrices.get(stack)!.shape[0] / names.length),
    vector: (vector) => vectors.get(vector),
  })
  family.logitCap?.(config)
}
