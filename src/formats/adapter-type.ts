// An adapter's weights file in 16 bits. Files are made in f32; they are rounded where they are written or downloaded.
import { FormatError, UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import { floatBytes } from './load-weights'
import { MemorySource } from './memory-source'
import { type TensorData, readSafetensorsHeader, safetensorsTypes, writeSafetensors } from './safetensors'

type FloatType = keyof typeof safetensorsTypes

/** The weights of an adapter, as PEFT names their file. */
export const adapterWeightsName = 'adapter_model.safetensors'

interface NamedFile {
  path: string
  bytes: Uint8Array<ArrayBuffer>
}

/** Whether the files are an adapter's in PEFT's form. A whole model has its type among its settings. */
export const hasAdapterWeights = (files: readonly Pick<NamedFile, 'path'>[]): boolean =>
  files.some(({ path }) => path === adapterWeightsName)

/** @throws FormatError for a value that f16 cannot hold */
export function roundedFloats(name: string, values: Float32Array<ArrayBuffer>, type: FloatType): Uint8Array<ArrayBuffer> {
  try {
    return floatBytes(name, values, type)
  } catch (error) {
    if (!(error instanceof UnsupportedError)) throw error
    throw new FormatError(say`${name}: expected values up to 65504 for F16, got larger ones. Choose BF16 or F32 for the adapter.`)
  }
}

/**
 * The files of an adapter with its f32 weights rounded to `type` (to the nearest, ties to even). PEFT loads all three types. The other files
 * stay as they are. @throws FormatError for a value that f16 cannot hold
 */
export async function adapterOfType(files: readonly NamedFile[], type: FloatType): Promise<NamedFile[]> {
  if (type === 'f32') return [...files]
  return Promise.all(
    files.map(async (file) => {
      if (file.path !== adapterWeightsName) return file
      const source = new MemorySource(file.path, file.bytes)
      const { tensors, metadata } = await readSafetensorsHeader(source)
      const data: TensorData[] = []
      for (const { name, shape, dtype, offset, sizeBytes } of tensors.values()) {
        const bytes = (await source.read(offset, sizeBytes)).slice()
        if (dtype !== 'F32') data.push({ name, shape, dtype, data: bytes })
        else data.push({ name, shape, dtype: safetensorsTypes[type], data: roundedFloats(name, new Float32Array(bytes.buffer), type) })
      }
      return { path: file.path, bytes: writeSafetensors(data, metadata) }
    }),
  )
}
