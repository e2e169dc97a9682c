// What a model that compares pictures with texts reads for the classes of a command.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { ModelFile } from '../formats/model-file'
import { type NamedClasses, usualTemplates, withClassTexts } from '../peft/class-texts'
import { sourcesAt } from './files'
import type { Options } from './options'
import { classesAt, picturesAt, textsOfAdapter } from './picture-files'

/** The classes of --data, which names its folders. */
async function classesOfData(options: Options): Promise<NamedClasses | undefined> {
  const path = options.text('data')
  return path === undefined ? undefined : { names: (await picturesAt(path)).classes }
}

/**
 * The model for the classes of --classes, else of the adapter, else of the data; and the templates of --class-template, else of the adapter. An
 * adapter may be used for classes that it was not trained for. @throws FormatError if nothing names the classes
 */
export async function withTexts(options: Options, file: ModelFile): Promise<ModelFile> {
  const path = options.text('classes')
  const folder = options.text('adapter') ?? options.text('init')
  const own = folder === undefined ? undefined : await textsOfAdapter(await sourcesAt(folder))
  const classes = (path === undefined ? own?.classes : await classesAt(path)) ?? (await classesOfData(options))
  if (!classes)
    throw new FormatError(
      say`${file.name}: expected the names of classes, which the model reads, got none. Give --classes FILE, with a name on each line.`,
    )
  const templates = options.templates.length ? options.templates : (own?.templates ?? usualTemplates(classes))
  return withClassTexts(file, classes, templates)
}
