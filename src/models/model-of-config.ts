// A model without its weights, as its config.json describes it: enough to plan the memory of a run.
import { FormatError, UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import { checkFolder } from '../formats/hf-model'
import { refusePictures } from '../formats/open-model'
import type { ModelFile, TensorEntry } from '../formats/model-file'
import { refuseQuantised } from '../formats/prequantised/registry'
import type { ByteSource } from '../formats/source'
import type { WeightFormatId } from '../formats/quant/format-id'
import { weightFormat } from '../formats/quant/registry'
import { familyOf } from './registry'

/** PyTorch's names of the formats that safetensors files hold. */
const formats: Readonly<Record<string, WeightFormatId>> = { float32: 'f32', float16: 'f16', bfloat16: 'bf16' }

/** @throws UnsupportedError for a type that TabTune does not read */
function formatOf(where: string, { dtype, torch_dtype: older }: Readonly<Record<string, unknown>>): WeightFormatId {
  const named = dtype ?? older
  if (typeof named !== 'string') return 'f32'
  const format = formats[named]
  if (!format)
    throw new UnsupportedError(
      say`${where}: expected the type ${Object.keys(formats).join(', ')}, got ${named.slice(0, 40)}. Choose a model with one of these types.`,
    )
  return format
}

/** The name of the folder that the file is in, or the model's own name. */
function nameOf({ name }: ByteSource, { _name_or_path: path }: Readonly<Record<string, unknown>>): string {
  const folder = name.split('/').at(-2)
  return folder ?? (typeof path === 'string' ? path.split('/').pop() : undefined) ?? name
}

/**
 * The model that a config.json describes, with the shape and the format of every tensor. No values can be read from it. Without a type in
 * config.json its weights are in f32, as in transformers. `pictures`: models that see them may be opened too. @throws FormatError, UnsupportedError
 */
export async function modelOfConfig(source: ByteSource, { pictures = false } = {}): Promise<ModelFile> {
  const { where, json, config } = await checkFolder(new Map([['config.json', source]]))
  refuseQuantised(where, json)
  const format = formatOf(where, json)
  const name = nameOf(source, json)
  if (!pictures) refusePictures({ name, config })
  const { blockWeights, blockBytes } = weightFormat(format)
  const tensors = familyOf({ name, config })
    .tensors(config)
    .map(({ name: tensor, shape }): TensorEntry => {
      const sizeBytes = (shape.reduce((a, b) => a * b, 1) / blockWeights) * blockBytes
      const readRows = async (): Promise<never> => {
        throw new FormatError(say`${where}: expected the model's weights for ${tensor}, got only its config.json. Choose the whole folder.`)
      }
      return { name: tensor, shape, format, sizeBytes, readRows }
    })
  return {
    container: 'safetensors',
    name,
    config,
    tensors: new Map(tensors.map((tensor) => [tensor.name, tensor])),
    special: {},
    companions: [source],
    sizeBytes: tensors.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  }
}
