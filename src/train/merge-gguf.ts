// An adapter merged into a GGUF base: the same file with its metadata and new weights, matrices in F16.
import { UnsupportedError } from '../config/errors'
import { hasOneAdded, hasPermutedRotary, hfName, permuteRows } from '../formats/gguf-names'
import { ggufHead, ggufPadding } from '../formats/gguf-write'
import type { GgufTensor } from '../formats/gguf'
import { floatBytes } from '../formats/load-weights'
import type { Merge } from '../peft/method'
import type { Adapter } from './adapter'
import { type MergeSource, type StreamedFile, mergeOf, mergedPieces, mergedWhole } from './merge'

const [f32, f16] = [0, 1]
/** `general.file_type` of a file whose matrices are F16 (llama.cpp, enum llama_ftype). */
const mostlyF16 = 1
/** What is not copied: said anew, or true of the other file only. */
const left = /^general\.(file_type|alignment|quantization_version)$|^split\./

interface Planned extends GgufTensor {
  /** Hugging Face name, where it is a tensor of the model. */
  hf: string | undefined
  /** Of the new file. */
  target: number
}

/** Norms, biases and learned positions stay in 32 bits, as llama.cpp's converter leaves them; what is no tensor of the model stays as it is. */
function plan({ file }: MergeSource): Planned[] {
  return [...file.gguf!.header.tensors.values()].map((tensor) => {
    const hf = hfName(file.config.family, tensor.name)
    const small = tensor.dimensions.length < 2 || tensor.name.startsWith('position_embd')
    return { ...tensor, hf, target: hf === undefined ? tensor.type : small ? f32 : f16 }
  })
}

async function* tensorBytes(source: MergeSource, tensor: Planned, merge: Merge): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { file, base } = source
  const { family, heads, kvHeads } = file.config
  const { hf, target } = tensor
  if (hf === undefined) return yield await file.gguf!.source.read(tensor.offset, tensor.sizeBytes!)
  const entry = file.tensors.get(hf)!
  const type = target === f32 ? 'f32' : 'f16'
  const rotary = hasPermutedRotary(family) ? /\.(q|k)_proj\.(weight|bias)$/.exec(hf) : undefined
  if (rotary) {
    const { values, shape } = await mergedWhole(source, entry, merge)
    yield floatBytes(hf, permuteRows(values, rotary[2] === 'bias' ? 1 : shape[1], rotary[1] === 'q' ? heads : kvHeads), type)
    return
  }
  const one = base.tensors.has(hf) && hasOneAdded(family, hf)
  for await (const { values } of mergedPieces(source, entry, merge)) yield floatBytes(hf, one ? values.map((v) => v + 1) : values, type)
}

/** The base's GGUF file with the adapter merged into its weights. @throws UnsupportedError for a base of another kind, and as `mergeOf` */
export async function mergedGguf(source: MergeSource, adapter: Adapter, onTensor?: (fraction: number) => void): Promise<StreamedFile> {
  const { gguf, name } = source.file
  if (!gguf)
    throw new UnsupportedError(
      `${name}: expected a GGUF base to merge into GGUF, got a Hugging Face folder. Merge into a folder, and convert that with llama.cpp's convert_hf_to_gguf.py.`,
    )
  const merge = mergeOf(adapter, source.base)
  const tensors = plan(source)
  const spans = [...gguf.header.spans].filter(([key]) => !left.test(key)).map(([, span]) => span)
  const copied = await Promise.all(spans.map(([start, end]) => gguf.source.read(start, end - start)))
  const places = tensors.map(({ name, dimensions, target }) => ({ name, dimensions, type: target }))
  const { bytes: head, sizeBytes } = ggufHead({ 'general.file_type': { type: 'u32', value: mostlyF16 } }, places, copied)
  async function* chunks(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    yield head
    for (const [i, tensor] of tensors.entries()) {
      let sizeBytes = 0
      for await (const bytes of tensorBytes(source, tensor, merge)) {
        sizeBytes += bytes.length
        yield bytes
      }
      yield ggufPadding(sizeBytes)
      onTensor?.((i + 1) / tensors.length)
    }
  }
  return { path: `${name.replace(/[^\w.-]+/g, '-')}-${adapter.method.name}-f16.gguf`, sizeBytes, chunks }
}
