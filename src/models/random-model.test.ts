import { expect, it } from 'vitest'
import { floatPieces } from '../formats/load-weights'
import { weightFormats } from '../formats/quant/registry'
import { plainShape } from '../measure/workloads'
import { randomModel } from './random-model'

const made = ['nf4', 'nf4-dq', 'fp4']

it.each(weightFormats.map(({ id }) => id).filter((id) => !made.includes(id)))(
  'weights in %s are finite, differ, and are about as large as those in f32',
  async (format) => {
    const { tensors } = randomModel('m', plainShape(1, 256, 256, 4, 512), { format })
    const entry = tensors.get('model.layers.0.self_attn.q_proj.weight')!
    expect(entry.format).toBe(format)
    let [count, squares] = [0, 0]
    const seen = new Set<number>()
    for await (const { values } of floatPieces(entry, { rowStart: 0, rows: 256, cols: 256 })) {
      count += values.length
      for (const value of values) {
        squares += value * value
        seen.add(value)
      }
    }
    expect(count).toBe(256 * 256)
    expect(seen.size).toBeGreaterThan(8)
    // Uniform weights in [−s, s) have a root mean square of s / √3.
    const [size, expected] = [Math.sqrt(squares / count), 1.5 / 16 / Math.sqrt(3)]
    expect(size).toBeGreaterThan(expected / 3)
    expect(size).toBeLessThan(expected * 3)
  },
)
