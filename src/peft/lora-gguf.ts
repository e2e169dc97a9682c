// A LoRA adapter as GGUF, for llama.cpp's --lora (convert_lora_to_gguf.py, llama-adapter.cpp): y += (alpha / rank) · B A x, with one
// alpha for all tensors. If a layer has another scale (rsLoRA, patterns), B is multiplied by the difference.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import { roundedFloats } from '../formats/adapter-type'
import { ggufExpert } from '../formats/expert-tensors'
import { architectureOf } from '../formats/families/registry'
import { ggufName, ggufOrder, inGgufOrder } from '../formats/gguf-names'
import { type GgufEntry, type GgufTensorData, writeGguf } from '../formats/gguf-write'
import { transposed } from './adapter-folder'
import { type LoraSite, type RankSettings, embeddingSite, loraSites, targetNames } from './lora-sites'
import type { Tensors } from './merge'
import type { Base } from './method'
import type { FloatType, FolderFile } from './model-folder'

/** Numbers of ggml's types. */
const typeNumbers: Readonly<Record<FloatType, number>> = { f32: 0, f16: 1, bf16: 30 }

/** B for the file. If GGUF has the rows of a matrix in another order, so are the rows of B. */
function ggufB(values: Float32Array<ArrayBuffer>, site: LoraSite, base: Base): Float32Array<ArrayBuffer> {
  const order = ggufOrder(base.config, site.site)
  return order ? inGgufOrder(values, site.rank, order) : values
}

/** A and B of a site. If `lookup`, A is transposed, so that tokens look up its rows. @throws FormatError for a site without a GGUF name */
function ggufPair(site: LoraSite, lookup: boolean, tensors: Tensors, alpha: number, base: Base, dtype: FloatType): GgufTensorData[] {
  const { family } = base.config
  const name = ggufExpert(family, site.site)?.name ?? ggufName(family, `${site.site}.weight`)
  if (!name) throw new FormatError(say`GGUF adapter: expected a layer that llama.cpp knows, got ${site.site}. Use the PEFT files instead.`)
  const { rank, in: inputs, out } = site
  const [a, b] = [tensors.get(site.a)!, tensors.get(site.b)!.values]
  const fold = (site.scale * rank) / alpha
  const half = (end: 'a' | 'b', dimensions: number[], values: Float32Array<ArrayBuffer>): GgufTensorData => ({
    name: `${name}.lora_${end}`,
    dimensions,
    type: typeNumbers[dtype],
    bytes: roundedFloats(site[end], values, dtype),
  })
  return [
    half('a', lookup ? [rank, inputs] : [inputs, rank], lookup ? transposed(a).values : a.values),
    half('b', [rank, out], ggufB(fold === 1 ? b : b.map((v) => v * fold), site, base)),
  ]
}

/** Tensors of one name, which are those of a block's experts, as one tensor. */
function joinedExperts(tensors: readonly GgufTensorData[]): GgufTensorData[] {
  const byName = new Map<string, GgufTensorData[]>()
  for (const tensor of tensors) byName.set(tensor.name, [...(byName.get(tensor.name) ?? []), tensor])
  return [...byName.values()].map((of) => {
    const [first] = of
    const bytes = new Uint8Array(of.reduce((sum, one) => sum + one.bytes.length, 0))
    of.forEach((one, i) => bytes.set(one.bytes, i * first.bytes.length))
    return first.name.includes('_exps.') ? { ...first, dimensions: [...first.dimensions, of.length], bytes } : first
  })
}

/**
 * adapter.gguf with values of type `dtype`; no file if llama.cpp cannot compute the adapter. It supports only low-rank updates, and it applies the update of a tied
 * table to both the embedding and the head. @throws FormatError for a value that f16 cannot hold
 */
export function loraGguf(name: string, tensors: Tensors, settings: RankSettings, base: Base, dtype: FloatType = 'f32'): FolderFile[] {
  if (base.family.files.noGguf) return []
  const { embedding, head } = targetNames(base, settings)
  if (base.config.tied && (embedding || head)) return []
  if (![...tensors.keys()].every((key) => /\.lora_([AB]\.weight|embedding_[AB])$/.test(key))) return []
  const { alpha } = settings
  const table = embeddingSite(base, settings)
  const metadata: Record<string, GgufEntry> = {
    'general.type': { type: 'text', value: 'adapter' },
    'general.architecture': { type: 'text', value: architectureOf(base.config.family) },
    'general.name': { type: 'text', value: `${base.name} ${name}` },
    'adapter.type': { type: 'text', value: 'lora' },
    'adapter.lora.alpha': { type: 'f32', value: alpha },
  }
  const pairs = [
    ...loraSites(base, settings).flatMap((site) => ggufPair(site, false, tensors, alpha, base, dtype)),
    ...(table ? ggufPair(table, true, tensors, alpha, base, dtype) : []),
  ]
  return [{ path: 'adapter.gguf', bytes: writeGguf(metadata, joinedExperts(pairs)) }]
}
