// Every WGSL reader, by weight4 and by weight8, gives exactly what the formats' authors' programs give.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kernelText } from '../../gpu/kernel'
import { nodeGpu } from '../../cli/node/node-gpu'
import { checkpointGoldens, nf4Goldens, ownGoldens, type Golden } from '../testing/goldens'
import { hasShared } from '../testing/shared'
import { toBfloat } from './half'
import { readerParts } from '../../ops/weight'
import { weightFormat } from './registry'

let device: GPUDevice

beforeAll(async () => {
  const adapter = await (await nodeGpu()).requestAdapter()
  device = await adapter!.requestDevice()
})
afterAll(() => device?.destroy())

/** Uploads in two pieces where there are more than 32 rows, as the loader does. */
function upload({ format, rows, cols, bytes }: Golden): GPUBuffer {
  const f = weightFormat(format)
  const buffer = device.createBuffer({ size: f.gpuBytes(rows, cols), usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST })
  const cut = f.blockBytes > 0 && rows > 32 ? 32 : rows
  const rowBytes = f.blockBytes > 0 ? (cols / f.blockWeights) * f.blockBytes : bytes.length / rows
  for (const [from, to] of [
    [0, cut],
    [cut, rows],
  ] as const) {
    if (from === to) continue
    for (const piece of f.pack(bytes.slice(from * rowBytes, to * rowBytes), { rows, cols }, from, to - from))
      device.queue.writeBuffer(buffer, piece.offset, piece.bytes)
  }
  return buffer
}

async function decodeOnGpu(golden: Golden, parts: readonly string[], eight: boolean): Promise<Float32Array> {
  const { rows, cols } = golden
  const code = kernelText({
    file: 'decode_weights',
    parts,
    constants: { W_ROWS: rows, W_COLS: cols, COLS_MOD_8: cols % 8, EIGHT: eight },
  })
  const module = device.createShaderModule({ code })
  const { messages } = await module.getCompilationInfo()
  expect(messages.map((m) => m.message)).toEqual([])
  const pipeline = device.createComputePipeline({ layout: 'auto', compute: { module } })
  const weights = upload(golden)
  const size = rows * cols * 4
  const y = device.createBuffer({ size, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC })
  const read = device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST })
  const entries = [weights, y].map((buffer, binding) => ({ binding, resource: { buffer } }))
  const encoder = device.createCommandEncoder()
  const pass = encoder.beginComputePass()
  pass.setPipeline(pipeline)
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }))
  pass.dispatchWorkgroups(Math.ceil(cols / 512), rows)
  pass.end()
  encoder.copyBufferToBuffer(y, 0, read, 0, size)
  device.queue.submit([encoder.finish()])
  await read.mapAsync(GPUMapMode.READ)
  const values = new Float32Array(read.getMappedRange().slice(0))
  for (const buffer of [weights, y, read]) buffer.destroy()
  return values
}

function expectExact(actual: Float32Array, expected: Uint16Array | Float32Array): void {
  const rounded = expected instanceof Uint16Array ? Uint16Array.from(actual, toBfloat) : actual
  // -0 and 0 are the same weight.
  const same = (a: number, b: number) => a === b || (expected instanceof Uint16Array && (a | b) === 0x8000)
  const wrong = [...rounded.keys()].filter((i) => !same(rounded[i]!, expected[i]!))
  expect(rounded.length).toBe(expected.length)
  expect(wrong.slice(0, 5).map((i) => `[${i}] ${rounded[i]} instead of ${expected[i]}`)).toEqual([])
}

async function check(golden: Golden) {
  expectExact(weightFormat(golden.format).decode(golden.bytes, golden.rows * golden.cols), golden.expected)
  const reader = weightFormat(golden.format).reader(golden.cols)
  const forms = new Map([true, false].map((software) => readerParts({ software }, { reader })).map((parts) => [parts.join(), parts]))
  for (const parts of forms.values())
    for (const eight of [false, true]) expectExact(await decodeOnGpu(golden, parts, eight), golden.expected)
}

describe('readers', () => {
  for (const golden of ownGoldens()) it(golden.name, () => check(golden))
})

describe.skipIf(!hasShared)('readers on real checkpoints', async () => {
  const goldens = hasShared ? [...(await checkpointGoldens()), ...(await nf4Goldens())] : []
  for (const golden of goldens) it(golden.name, () => check(golden))
})
