// Reads the data options (how rows become examples) from the command line.
import type { Asking } from '../config/asking'
import { type AskingOptions, askingFields } from '../config/asking-fields'
import { type ColumnRoles, type DataOptions, columnRoles, columnsField, defaultDataOptions, rowFields } from '../config/data-options'
import { FormatError } from '../config/errors'
import { type FieldValue, parseGiven } from '../config/field'
import { say } from '../config/phrase'
import { presetField, presetNamed } from '../config/prompt-presets'
import { type ReadHow, autoHow, readHowFields } from '../config/read-how'
import type { Options } from './options'

/**
 * The data options. Defaults are those of the page, except that `holdOut` is given by the command, and that rows are asked like those of
 * an adapter if there is one. @throws FormatError
 */
export function dataOptionsOf(options: Options, seed: number, holdOut: number, like?: Asking): DataOptions {
  const chosen = { ...presetOf(options), ...parseGiven('options for reading rows', rowFields, options.given(rowFields)) }
  const columns = rolesOf(options.given([columnsField]).columns)
  const read = Object.keys(options.given(readHowFields)).length > 0 && { read: readHowOf(options) }
  return { ...defaultDataOptions, ...chosen, ...read, columns, holdOut, seed, ...(like && { like }) }
}

/** How files are read. @throws FormatError */
export const readHowOf = (options: Options): ReadHow => ({
  ...autoHow,
  ...parseGiven('options for reading files', readHowFields, options.given(readHowFields)),
})

/** The options that --preset stands for. @throws FormatError */
function presetOf(options: Options): AskingOptions {
  const given = parseGiven('options for reading rows', [presetField], options.given([presetField]))
  const preset = presetNamed(given.preset)
  return preset ? { promptTemplate: preset.promptTemplate } : {}
}

/** What the options say about how a prompt is asked; absent = nothing. @throws FormatError */
export function askingOptionsOf(options: Options): AskingOptions {
  return { ...presetOf(options), ...parseGiven('options for asking', askingFields, options.given(askingFields)) }
}

/** Reads a mapping of columns to roles, such as `prompt=problem,completion=solution`. @throws FormatError */
function rolesOf(text: FieldValue | undefined): ColumnRoles | undefined {
  if (typeof text !== 'string') return undefined
  const chosen: ColumnRoles = {}
  for (const pair of text.split(',')) {
    const at = pair.indexOf('=')
    const role = columnRoles.find((name) => name === pair.slice(0, at).trim())
    const column = pair.slice(at + 1).trim()
    if (!role || !column)
      throw new FormatError(
        say`--columns: expected role=column with one of the roles ${columnRoles.join(', ')}, got ${pair || say`nothing`}. Correct it.`,
      )
    chosen[role] = column
  }
  return chosen
}
