// Sets of labelled pictures as the rows of a run, for the page's worker and for the command line. Nothing is read yet: a picture is read when
// a step or an evaluation needs it.
import { FormatError, UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import { type Augmentation, augmentationOf } from '../config/picture-fields'
import type { TrainingSettings } from '../config/run-config'
import { PictureData } from '../data/picture-data'
import type { RunRows } from '../data/run-rows'
import type { ModelFile } from '../formats/model-file'
import { type PictureChanges, type PictureReader, pictureSource } from '../pictures/loader'
import type { PictureSet } from '../pictures/picture-set'
import type { Processor } from '../pictures/processor'
import { shotsOf } from '../pictures/sample'

/** A set and what reads it. A reader may serve several runs, which then decode each picture once as far as its budget reaches. */
export interface ReadableSet {
  set: PictureSet
  reader: PictureReader
}

/** @throws UnsupportedError if the processor does not make pictures of the size that the model's positions are for */
export function checkProcessor({ name, config }: Pick<ModelFile, 'name' | 'config'>, { output }: Processor): void {
  const { width, height } = config.vision!
  if (output.width !== width || output.height !== height)
    throw new UnsupportedError(
      say`${name}: expected pictures of ${width} × ${height}, as its positions are for, got ${output.width} × ${output.height} by its preprocessor. Use the file that belongs to the model.`,
    )
}

/** The pictures of a set as a model sees them. @throws FormatError, UnsupportedError for refused rows or pictures of another size */
export function pictureData({ set, reader }: ReadableSet, file: Pick<ModelFile, 'name' | 'config'>, changes?: PictureChanges): PictureData {
  const vision = file.config.vision!
  checkProcessor(file, reader.processor)
  const [first] = set.refused
  if (first)
    throw new FormatError(
      say`${set.name}: expected pictures of the classes ${vision.classes.slice(0, 20).join(', ')}, got ${set.refused.length} that cannot be used. The first one, ${first.where}: ${first.problem}`,
    )
  return new PictureData(set.name, pictureSource(reader, changes), vision)
}

/** What decides which pictures a run trains on, and how they are changed. */
type OfRun = Pick<TrainingSettings, 'seed' | 'shots'> & Augmentation

/** How a run with these settings changes its pictures. */
export const changesOf = (training: OfRun): PictureChanges => ({ augmentation: augmentationOf(training), seed: training.seed })

/**
 * The rows of a run with these settings; without them all pictures are trained on, as they are. `parts` are indices of the entries of `all`;
 * `evaluation` replaces those that are held out. @throws as `pictureData`
 */
export function pictureRunRows(
  file: Pick<ModelFile, 'name' | 'config'>,
  all: ReadableSet,
  parts: Pick<RunRows, 'train' | 'eval'>,
  training?: OfRun,
  evaluation?: ReadableSet,
): RunRows {
  const dataset = pictureData(all, file, training && changesOf(training))
  const labels = all.set.entries.map(({ label }) => label)
  const train = training?.shots ? shotsOf(labels, parts.train, training.shots, training.seed) : parts.train
  const evalDataset = evaluation ? pictureData(evaluation, file) : dataset
  const held = evaluation ? Int32Array.from(evaluation.set.entries.keys()) : parts.eval
  return { dataset, train, evalDataset, eval: held }
}
