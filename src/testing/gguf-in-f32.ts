// A GGUF file with every tensor in F32, for comparisons with llama.cpp. If weights have fewer bits, llama.cpp's kernels also round the
// activations, by an amount that depends on the processor. With F32 weights they compute in F32 everywhere.
import { readFileSync } from 'node:fs'
import { readGgufHeader } from '../formats/gguf'
import { ggufTypes } from '../formats/gguf-types'
import { type GgufTensorData, writeGguf } from '../formats/gguf-write'
import { MemorySource } from '../formats/memory-source'
import { weightFormat } from '../formats/quant/registry'

/** The same names, orders and metadata as the file at `path`; only the type of the tensors differs. */
export async function ggufInF32(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const source = new MemorySource(path, readFileSync(path))
  const { tensors, spans } = await readGgufHeader(source)
  const decoded: GgufTensorData[] = []
  for (const { name, dimensions, type, offset, sizeBytes } of tensors.values()) {
    const format = ggufTypes[type]?.format
    if (!format || sizeBytes === undefined) throw new Error(`${path}, ${name}: type ${type} has no reader`)
    const count = dimensions.reduce((product, n) => product * n, 1)
    const values = weightFormat(format).decode(await source.read(offset, sizeBytes), count)
    decoded.push({ name, dimensions, type: 0, bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) })
  }
  const entries = [...spans].filter(([key]) => key !== 'general.file_type' && key !== 'general.alignment').map(([, span]) => span)
  const copied = await Promise.all(entries.map(([start, end]) => source.read(start, end - start)))
  return writeGguf({ 'general.file_type': { type: 'u32', value: 0 } }, decoded, copied)
}
