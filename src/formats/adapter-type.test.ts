import { expect, test } from 'vitest'
import { adapterOfType, adapterWeightsName, hasAdapterWeights } from './adapter-type'
import { MemorySource } from './memory-source'
import { readSafetensorsHeader, writeSafetensors } from './safetensors'

const values = Float32Array.of(1, -2.5, 1 + 2 ** -9, 1 + 2 ** -11, 3e-8, 0.1)
const config = { path: 'adapter_config.json', bytes: new TextEncoder().encode('{}') }
const folder = (data: Float32Array) => [
  config,
  { path: adapterWeightsName, bytes: writeSafetensors([{ name: 'a', shape: [2, 3], data }], { format: 'pt', note: 'kept' }) },
]

async function written(type: 'f16' | 'bf16') {
  const files = await adapterOfType(folder(values), type)
  expect(files[0]).toBe(config)
  const source = new MemorySource('w', files[1]!.bytes)
  const { tensors, metadata } = await readSafetensorsHeader(source)
  const { dtype, shape, offset, sizeBytes } = tensors.get('a')!
  const bytes = await source.read(offset, sizeBytes)
  return { dtype, shape, metadata, bits: [...new Uint16Array(bytes.slice().buffer)] }
}

// The bits are those of numpy's float16 and of torch's bfloat16.
test('values are rounded to the nearest, ties to even; names, shapes and metadata stay', async () => {
  const metadata = { format: 'pt', note: 'kept' }
  expect(await written('f16')).toEqual({ dtype: 'F16', shape: [2, 3], metadata, bits: [0x3c00, 0xc100, 0x3c02, 0x3c00, 0x0001, 0x2e66] })
  expect(await written('bf16')).toEqual({ dtype: 'BF16', shape: [2, 3], metadata, bits: [0x3f80, 0xc020, 0x3f80, 0x3f80, 0x3301, 0x3dcd] })
})

test('F32 changes nothing; what F16 cannot hold is refused by name; a folder without such weights stays', async () => {
  const files = folder(Float32Array.of(1, 2, 3, 4, 5, 70000))
  expect(await adapterOfType(files, 'f32')).toEqual(files)
  await expect(adapterOfType(files, 'f16')).rejects.toThrow('a: expected values up to 65504 for F16, got larger ones. Choose BF16 or F32')
  expect(await adapterOfType([config], 'f16')).toEqual([config])
  expect([hasAdapterWeights(files), hasAdapterWeights([config])]).toEqual([true, false])
})
