// Classes as texts: what a model that compares pictures with texts reads for each class.
import { gap, templateProblem, usualTemplate } from '../config/class-templates'
import { FormatError, UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import { shortText } from '../data/short-text'
import type { ClassTexts, ModelFile, TextConfig } from '../formats/model-file'
import { modelTokenizer } from '../tokenizer/create-tokenizer'
import type { Tokenizer } from '../tokenizer/tokenizer'

/** What closes a text among classes that are given as ids, which say nothing about a full stop. A file of the method may name other ids. */
const closingId = 2
const closingMark = '.'

/** Class names, or their token ids, in the order of their numbers. */
export interface NamedClasses {
  names: readonly string[]
  ids?: readonly (readonly number[])[]
}

/** A class's name as it is read: folders often have _ for a space. */
const spoken = (name: string) => name.replaceAll('_', ' ')

function checkTemplates(templates: readonly string[]): void {
  const problem = templateProblem(templates.length ? templates : [''])
  if (problem) throw new FormatError(problem)
}

/** Numbers in a text. @throws FormatError for anything else */
function idsIn(text: string): number[] {
  const ids = text
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => (/^\d+$/.test(word) ? Number(word) : NaN))
  if (!ids.every(Number.isSafeInteger))
    throw new FormatError(
      say`template: expected token ids around ${gap}, since the classes are given as token ids, got ${shortText(text)}. Correct it.`,
    )
  return ids
}

function fromIds(ids: readonly (readonly number[])[], templates: readonly string[], { bos, eos }: TextConfig): ClassTexts {
  const rows = templates.flatMap((template) => {
    const [before, behind] = template.split(gap).map(idsIn)
    return ids.map((own) => [bos, ...before, ...own, ...behind, eos])
  })
  return { ids, given: true, closing: [closingId], templates, rows }
}

function fromNames(names: readonly string[], templates: readonly string[], tokenizer: Tokenizer): ClassTexts {
  const encode = (text: string) => tokenizer.encode(text, { addSpecial: false })
  return {
    ids: names.map((name) => encode(spoken(name))),
    given: false,
    closing: encode(closingMark),
    templates,
    rows: templates.flatMap((template) =>
      names.map((name) =>
        tokenizer.encode(
          template.replace(gap, () => spoken(name)),
          { addSpecial: true },
        ),
      ),
    ),
  }
}

/** The templates of a model, if none is chosen: for ids there are no words. */
export const usualTemplates = ({ ids }: NamedClasses): readonly string[] => [ids ? gap : usualTemplate]

/**
 * A model that compares pictures with texts, for these classes. A template is a text with `{}`, or token ids around it if the classes are given
 * as token ids. @throws FormatError for templates without a place for the name; UnsupportedError for names without a tokenizer
 */
export function withClassTexts(model: ModelFile, classes: NamedClasses, templates = usualTemplates(classes)): ModelFile {
  const { config } = model
  const text = config.text!
  if (classes.names.length < 2) throw new FormatError(say`classes: expected at least two names, got ${classes.names.length}. Add classes.`)
  checkTemplates(templates)
  const tokenizer = classes.ids ? undefined : modelTokenizer(model)
  if (!classes.ids && !tokenizer)
    throw new UnsupportedError(
      say`${model.name}: expected a tokenizer for the names of the classes, got none. Choose a folder with tokenizer.json, or give lists of token ids.`,
    )
  const texts = classes.ids ? fromIds(classes.ids, templates, text) : fromNames(classes.names, templates, tokenizer!)
  return { ...model, config: { ...config, vision: { ...config.vision!, classes: classes.names }, text: { ...text, classes: texts } } }
}
