// Reads the data options (how rows become examples) from the command line.
import { type ColumnRoles, type DataOptions, defaultDataOptions } from '../config/data-options'
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { Options } from './options'

/** The data options. Defaults are those of the page, except that `holdOut` is given by the command. */
export function dataOptionsOf(options: Options, seed: number, holdOut: number): DataOptions {
  return {
    ...defaultDataOptions,
    format: (options.text('format') ?? defaultDataOptions.format) as DataOptions['format'],
    columns: columnRoles(options.text('columns')),
    trainOn: (options.text('train-on') ?? defaultDataOptions.trainOn) as DataOptions['trainOn'],
    holdOut,
    skipBadLines: options.flag('skip-bad'),
    taskDescription: options.text('task'),
    seed,
  }
}

const roles = ['text', 'prompt', 'input', 'completion', 'messages', 'answer', 'system', 'tools', 'history'] as const

/** Reads a mapping of columns to roles, such as `prompt=problem,completion=solution`. @throws FormatError */
function columnRoles(text: string | undefined): ColumnRoles | undefined {
  if (text === undefined) return undefined
  const chosen: ColumnRoles = {}
  for (const pair of text.split(',')) {
    const at = pair.indexOf('=')
    const role = roles.find((name) => name === pair.slice(0, at).trim())
    const column = pair.slice(at + 1).trim()
    if (!role || !column)
      throw new FormatError(
        say`--columns: expected role=column with one of the roles ${roles.join(', ')}, got ${pair || 'nothing'}. Correct it.`,
      )
    chosen[role] = column
  }
  return chosen
}
