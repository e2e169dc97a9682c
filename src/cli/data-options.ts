// Reads the data options (how rows become examples) from the command line.
import { type ColumnRoles, type DataOptions, columnRoles, columnsField, defaultDataOptions, rowFields } from '../config/data-options'
import { FormatError } from '../config/errors'
import { type FieldValue, parseSettings } from '../config/field'
import { say } from '../config/phrase'
import type { Options } from './options'

/** The data options. Defaults are those of the page, except that `holdOut` is given by the command. @throws FormatError */
export function dataOptionsOf(options: Options, seed: number, holdOut: number): DataOptions {
  const { taskDescription, ...rows } = parseSettings('options for reading rows', rowFields, options.given(rowFields))
  return {
    ...defaultDataOptions,
    ...rows,
    columns: rolesOf(options.given([columnsField]).columns),
    holdOut,
    ...(taskDescription && { taskDescription }),
    seed,
  }
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
