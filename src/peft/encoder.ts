// Small networks that compute a prompt while it is trained. The final prompt is read from the GPU and saved.
import { addBias } from '../ops/bias'
import { dropout } from '../ops/dropout'
import { lstm } from '../ops/lstm'
import { matmul } from '../ops/matmul'
import { relu } from '../ops/relu'
import { repeatRows } from '../ops/rows'
import { tanh } from '../ops/tanh'
import { trainableWeight } from '../ops/weight'
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import type { Fresh } from './initial'
import { normal, randomSource, uniform } from './random'

/** Records the layers of an encoder. Names are PyTorch's module names. */
export interface Network {
  parameter(name: string): Tensor
  /** x Wᵀ + b */
  linear(x: Tensor, name: string): Tensor
  relu(x: Tensor): Tensor
  tanh(x: Tensor): Tensor
  /** Bidirectional LSTM layers, with dropout between them while training. */
  lstm(x: Tensor, name: string, layers: number, dropout: number): Tensor
}

export interface Encoder {
  parameters: readonly Fresh[]
  /** The prompt [P, width]. */
  encode(network: Network): Tensor
}

/** Parameters of nn.Linear(inputs, outputs), which start as in PyTorch: U(−1/√in, 1/√in). */
export function linearParameters(seed: number, name: string, inputs: number, outputs: number): Fresh[] {
  const bound = 1 / Math.sqrt(inputs)
  const fresh = (key: string, count: number) => () => uniform(randomSource(seed, key), count, -bound, bound)
  return [
    { name: `${name}.weight`, shape: [outputs, inputs], decay: true, fresh: fresh(`${name}.weight`, outputs * inputs) },
    { name: `${name}.bias`, shape: [outputs], decay: false, fresh: fresh(`${name}.bias`, outputs) },
  ]
}

/** Parameters of nn.Embedding(rows, width), which start as in PyTorch: standard normal. */
export function embeddingParameter(seed: number, name: string, rows: number, width: number): Fresh {
  return { name, shape: [rows, width], decay: true, fresh: () => normal(randomSource(seed, name), rows * width, 1) }
}

const directions = ['', '_reverse']

/** Parameters of nn.LSTM(inputs, hidden, layers, bidirectional), which start as in PyTorch: U(−1/√H, 1/√H). */
export function lstmParameters(seed: number, name: string, inputs: number, hidden: number, layers: number): Fresh[] {
  const bound = 1 / Math.sqrt(hidden)
  return Array.from({ length: layers }, (_, layer) =>
    directions.flatMap((direction) => {
      const shapes: [string, number[]][] = [
        ['weight_ih', [4 * hidden, layer ? 2 * hidden : inputs]],
        ['weight_hh', [4 * hidden, hidden]],
        ['bias_ih', [4 * hidden]],
        ['bias_hh', [4 * hidden]],
      ]
      return shapes.map(([kind, shape]): Fresh => {
        const key = `${name}.${kind}_l${layer}${direction}`
        return {
          name: key,
          shape,
          decay: shape.length > 1,
          fresh: () =>
            uniform(
              randomSource(seed, key),
              shape.reduce((a, b) => a * b),
              -bound,
              bound,
            ),
        }
      })
    }),
  ).flat()
}

/** A network that is recorded on the tape. `state` is the step state, for dropout. */
export function recordedNetwork(r: Recorder, tensors: ReadonlyMap<string, Tensor>, state: Tensor): Network {
  const get = (name: string) => tensors.get(name)!
  const product = (x: Tensor, name: string) => matmul(r, x, trainableWeight(get(name)), { label: name })
  return {
    // Copied, because products read their weights and write beside their inputs: one buffer cannot be bound as both.
    parameter: (name) => repeatRows(r, get(name), 1),
    linear: (x, name) => addBias(r, product(x, `${name}.weight`), get(`${name}.bias`)),
    relu: (x) => relu(r, x),
    tanh: (x) => tanh(r, x),
    lstm(x, name, layers, rate) {
      let y = x
      for (let layer = 0; layer < layers; layer++) {
        const input = layer ? dropout(r, y, rate, layer, state) : y
        const [forward, backward] = directions.map((direction) => {
          const of = (kind: string) => `${name}.${kind}_l${layer}${direction}`
          return {
            gates: addBias(r, addBias(r, product(input, of('weight_ih')), get(of('bias_ih'))), get(of('bias_hh'))),
            weight: get(of('weight_hh')),
          }
        })
        y = lstm(r, forward, backward)
      }
      return y
    },
  }
}
