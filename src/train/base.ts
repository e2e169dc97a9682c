// A model's file as methods see it.
import { UnsupportedError } from '../config/errors'
import { type BaseModel, storedValues, tableRows } from '../models/base-model'
import { principal } from '../models/principal'
import { unpacked } from '../models/unpack'
import type { Base } from '../peft/method'
import type { Tokenizer } from '../tokenizer/tokenizer'
import { modelFolder } from './model-folder'

/** The base for methods. Words can only be used where there is a tokenizer. */
export function methodBase(plan: BaseModel, tokenizer: Tokenizer | undefined): Base {
  const { file, family } = plan
  const tensors = family.tensors(file.config).filter((t) => file.tensors.has(t.name))
  const linear = tensors.filter((t) => t.kind === 'linear')
  return {
    name: file.name,
    family,
    config: file.config,
    sites: new Map(linear.map((t) => [t.name.replace(/\.weight$/, ''), t.shape as readonly [number, number]])),
    tensors: new Map(tensors.map((t) => [t.name, t])),
    stored: (name) => storedValues(file.tensors.get(name)!),
    folder: (dtype) => modelFolder(file, dtype),
    async embeddingRows(ids) {
      const { name, scale } = family.embedding(file.config)
      const rows = await tableRows(file, name, ids)
      return scale === 1 ? rows : rows.map((v) => v * scale)
    },
    principal: (gpu, name, rank, random) => principal(gpu, plan.matrices.get(name)!, rank, random),
    unpacked: (gpu, name) => unpacked(gpu, plan.matrices.get(name)!),
    encode: (text) => {
      if (!tokenizer)
        throw new UnsupportedError(
          `${file.name}: expected a tokenizer to read the text with, got none. Choose a folder with tokenizer.json.`,
        )
      return tokenizer.encode(text, { addSpecial: false })
    },
  }
}
