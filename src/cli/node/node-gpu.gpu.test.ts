import { expect, test } from 'vitest'
import { nodeGpu } from './node-gpu'

test('Dawn gives an adapter and a device whose buffers keep what was written', async () => {
  const adapter = await (await nodeGpu()).requestAdapter()
  expect(adapter).not.toBeNull()
  const device = await adapter!.requestDevice()
  const buffer = device.createBuffer({ size: 4, usage: GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST })
  const read = device.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST })
  device.queue.writeBuffer(buffer, 0, new Uint32Array([42]))
  const encoder = device.createCommandEncoder()
  encoder.copyBufferToBuffer(buffer, 0, read, 0, 4)
  device.queue.submit([encoder.finish()])
  await read.mapAsync(GPUMapMode.READ)
  expect(new Uint32Array(read.getMappedRange())[0]).toBe(42)
  device.destroy()
})
