// The matrices of several experts, one for each: frozen and packed as the rows of one matrix, or trained f32 tensors.
import type { WeightFormatId } from '../formats/quant/format-id'
import { type Tensor, count } from '../tensor/tensor'
import type { Weight } from './weight'

export interface ExpertPart {
  /** The first expert in this part, and how many there are. */
  first: number
  experts: number
  /** The packed words, or the numbers of trained matrices. */
  tensor: Tensor
  /** How many numbers a trained matrix begins after the one before; 0 for packed ones. */
  apart: number
}

export interface ExpertWeight {
  name: string
  /** [N, K] of one expert's matrix. */
  shape: readonly [number, number]
  format: WeightFormatId
  /** Shader snippets of the reader. */
  reader: readonly string[]
  parts: readonly ExpertPart[]
  /** The trained tensors by expert; absent if the matrices are frozen. */
  trained?: readonly Tensor[]
}

/** The experts in a matrix that has their rows one after the other, `rows` each. */
export function packedExperts(weight: Weight, rows: number): ExpertWeight {
  const { name, shape, format, reader } = weight
  return {
    name,
    shape: [rows, shape[1]],
    format,
    reader,
    parts: weight.parts.map(({ firstRow, rows: all, tensor }) => ({ first: firstRow / rows, experts: all / rows, tensor, apart: 0 })),
  }
}

/** Tensors that begin at equal distances in one buffer, as one tensor that reaches from the first to the last. */
function spanning(tensors: readonly Tensor[], apart: number): Tensor {
  const [first] = tensors
  const shape = [(tensors.length - 1) * apart + count(first.shape)]
  return { ...first, shape, grad: first.grad && { ...first.grad, shape } }
}

/** Trained tensors [N, K], one for each expert, in as few parts as their places in the buffers allow. */
export function trainedExperts(name: string, tensors: readonly Tensor[]): ExpertWeight {
  const parts: ExpertPart[] = []
  const step = (i: number) => (tensors[i]?.space === tensors[i - 1].space ? (tensors[i].offset - tensors[i - 1].offset) / 4 : 0)
  for (let first = 0; first < tensors.length;) {
    const next = step(first + 1)
    let end = first + 1
    while (next > 0 && step(end) === next) end++
    const apart = Math.max(next, count(tensors[first].shape))
    parts.push({ first, experts: end - first, tensor: spanning(tensors.slice(first, end), apart), apart })
    first = end
  }
  const [rows, cols] = tensors[0].shape
  return { name, shape: [rows, cols], format: 'f32', reader: ['common/apart_f32'], parts, trained: tensors }
}
