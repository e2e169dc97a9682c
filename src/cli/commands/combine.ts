// tabtune combine: combines several LoRA adapters into one, with weights.
import { FormatError } from '../../config/errors'
import { say } from '../../config/phrase'
import { plainNumber } from '../../config/number-text'
import { type Combination, combinations } from '../../config/run-reports'
import { loraFileOf, readAdapter, readLoraFile } from '../../export/adapter'
import { combinedFiles } from '../../export/combined'
import { methodBase } from '../../peft/base'
import { planBase } from '../../models/base-model'
import { sourcesAt } from '../files'
import { openModelFile } from '../open'
import type { Options } from '../options'
import { outFolder, writeWhole } from '../out-folder'

function typeOf(options: Options): Combination {
  const wanted = options.text('type') ?? 'cat'
  const type = combinations.find((t) => t === wanted)
  if (!type) throw new FormatError(say`--type: expected one of ${combinations.join(', ')}, got ${wanted}. Choose one of these.`)
  return type
}

function weightsOf(options: Options): number[] {
  const words = options
    .need('weights')
    .split(',')
    .map((word) => word.trim())
  const bad = words.find((word) => Number.isNaN(plainNumber(word)))
  if (bad !== undefined)
    throw new FormatError(say`--weights: expected numbers separated by commas, such as 0.7,0.3, got ${bad || say`nothing`}. Correct them.`)
  return words.map(plainNumber)
}

/** With --model the adapters are checked against that base model, and the result is written as GGUF too. */
export async function combine(options: Options): Promise<void> {
  const type = typeOf(options)
  const weights = weightsOf(options)
  const base =
    options.text('model') === undefined
      ? undefined
      : methodBase(planBase(await openModelFile(options), 'native', Number.MAX_SAFE_INTEGER), undefined)
  const adapters = await Promise.all(
    options.adapters.map(async (path) => {
      const sources = await sourcesAt(path)
      return base ? loraFileOf(path, await readAdapter(sources, base), base) : readLoraFile(path, sources)
    }),
  )
  const files = await combinedFiles(adapters, weights, type, base)
  await outFolder(options.need('out'), options.adapters)
  await writeWhole(options.need('out'), files)
  process.stdout.write(`${JSON.stringify({ files: files.map((f) => ({ path: f.path, bytes: f.bytes.byteLength })) })}\n`)
}
