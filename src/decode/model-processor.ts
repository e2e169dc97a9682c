// How pictures are prepared for a model: as a file beside config.json says.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { ModelFile } from '../formats/model-file'
import type { ByteSource } from '../formats/source'
import { type Processor, parseProcessor } from '../pictures/processor'

/** Files of a model's folder that have settings of an image processor. */
export const processorNames = ['preprocessor_config.json', 'processor_config.json']

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** The processor that a file describes. @throws FormatError, UnsupportedError */
export function processorOfText(name: string, text: string): Processor {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new FormatError(say`${name}: expected JSON, got text that cannot be read. Use the file that belongs to the model.`)
  }
  return parseProcessor(name, json)
}

/** The processor that is among the files of a model; undefined if there is none. @throws FormatError, UnsupportedError */
export async function processorAmong(sources: readonly ByteSource[]): Promise<Processor | undefined> {
  for (const name of processorNames) {
    const source = sources.find((one) => baseName(one.name) === name)
    if (source) return processorOfText(name, new TextDecoder().decode(await source.read(0, source.sizeBytes)))
  }
  return undefined
}

/** How a model's own files say that pictures are prepared. @throws FormatError if they do not say it, UnsupportedError */
export async function ownProcessor({ name, companions = [] }: Pick<ModelFile, 'name' | 'companions'>): Promise<Processor> {
  const processor = await processorAmong(companions)
  if (processor) return processor
  throw new FormatError(say`${name}: expected preprocessor_config.json beside config.json, got none. Choose the model's whole folder.`)
}
