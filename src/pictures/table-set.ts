// Pictures from a table, JSONL or CSV: a row has the path of a picture in `image` (or `file_name`), from the table's own folder, and its
// class in `label`, as a number or a name.
import { numberOf } from '../config/exact-json'
import { FormatError } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import type { DataSource } from '../data/data-source'
import { readAny } from '../data/in/read-any'
import { kind } from '../data/row-values'
import { shortText } from '../data/short-text'
import { type PictureEntry, type PictureFile, type PictureSet, type Refused, checkedSet, refuseMany } from './picture-set'

interface Row {
  where: string
  path: string
  label: string | number
}

const imageColumns = ['image', 'file_name']
/** Most classes of a table that numbers them. */
const mostClasses = 100_000

/** The path with `/` between names, or why it may not be followed. */
function pathOf(value: string): { path: string } | { problem: Phrase } {
  const names = value
    .replaceAll('\\', '/')
    .split('/')
    .filter((name) => name !== '.')
  const leaves = names.some((name) => name === '..' || name === '') || /^[a-z]+:/i.test(value) || value.includes('\0')
  return leaves
    ? { problem: say`expected the path of a picture in the folder of this file, got ${shortText(value)}. Correct the path.` }
    : { path: names.join('/') }
}

function rowOf(where: string, value: Readonly<Record<string, unknown>>): Row | Refused {
  const column = imageColumns.find((name) => value[name] !== undefined) ?? imageColumns[0]
  const image = value[column]
  if (typeof image !== 'string' || image.trim() === '') {
    const got = typeof image === 'string' ? say`an empty string` : kind(image)
    return { where, problem: say`${column}: expected the path of a picture, got ${got}. Correct the row.` }
  }
  const label = typeof value.label === 'string' ? value.label.trim() : numberOf(value.label)
  if (label === undefined || label === '')
    return { where, problem: say`label: expected a class as a number or a name, got ${kind(value.label)}. Correct the row.` }
  const found = pathOf(image)
  return 'problem' in found ? { where, problem: found.problem } : { where, path: found.path, label }
}

/** A label such as 007 is a name. */
const isNumber = ({ label }: Row): boolean => typeof label === 'number' || /^(0|[1-9]\d*)$/.test(label)

/** The names of the classes, and the number of a row's class. */
function numbering(rows: readonly Row[], named: readonly string[] | undefined): { classes: readonly string[]; of(row: Row): number } {
  if (rows.every(isNumber)) {
    // A number that is no class is refused with its row, and adds no classes.
    const numbers = rows.map(({ label }) => Number(label)).filter((label) => Number.isInteger(label) && label < mostClasses)
    const most = numbers.reduce((sum, label) => Math.max(sum, label), -1)
    const classes = named ?? Array.from({ length: most + 1 }, (_, i) => String(i))
    return { classes, of: ({ label }) => Number(label) }
  }
  const names = named ?? [...new Set(rows.map(({ label }) => String(label)))].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  const numbers = new Map(names.map((name, i) => [name, i]))
  return { classes: names, of: ({ label }) => numbers.get(String(label)) ?? -1 }
}

/**
 * The set of a table. `find` gives the file of a path in the table's folder, if there is one. `named`: class names in the order of their
 * numbers. @throws FormatError for a file that cannot be read, or one without pictures
 */
export async function tableSet(
  source: DataSource,
  find: (path: string) => Promise<PictureFile | undefined>,
  named?: readonly string[],
): Promise<PictureSet> {
  const rows: Row[] = []
  const refused: Refused[] = []
  for await (const { line, value, problem } of readAny(source)) {
    const where = `${source.name}, line ${line}`
    const row = value ? rowOf(where, value) : { where, problem: problem ?? say`not a row` }
    if ('problem' in row) refused.push(row)
    else rows.push(row)
    refuseMany(source.name, rows.length + refused.length)
  }
  const { classes, of } = numbering(rows, named)
  const entries: PictureEntry[] = []
  for (const row of rows) {
    const label = of(row)
    if (!Number.isInteger(label) || label < 0 || label >= classes.length) {
      const got = shortText(String(row.label))
      refused.push({
        where: row.where,
        problem: say`label: expected one of ${classes.length} classes, by name or by number from 0, got ${got}. Correct the row.`,
      })
      continue
    }
    const file = await find(row.path)
    if (file) entries.push({ file, label })
    else
      refused.push({
        where: row.where,
        problem: say`image: expected a picture beside this file, got no file ${shortText(row.path)}. Correct the path.`,
      })
  }
  return checkedSet({ name: source.name, classes, entries, refused, otherFiles: 0 })
}

/** Class names in the order of their numbers: a JSON list of names or of lists of token ids, or a text with a name on each line. */
export interface ClassNames {
  names: readonly string[]
  /** Token ids of each name, if the file has them instead. */
  ids?: readonly (readonly number[])[]
}

const isIds = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length > 0 && value.every((id) => Number.isInteger(id) && (id as number) >= 0)

/** @throws FormatError for a file without names, or one that has a name twice */
export function parseClasses(where: string, text: string): ClassNames {
  const wrong = (got: Phrase): FormatError =>
    new FormatError(say`${where}: expected class names, as a JSON list or one on each line, each once, got ${got}. Correct the file.`)
  let list: unknown
  if (text.trimStart().startsWith('[')) {
    try {
      list = JSON.parse(text)
    } catch {
      throw wrong(say`JSON that cannot be read`)
    }
  } else
    list = text
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter(Boolean)
  if (!Array.isArray(list) || list.length === 0) throw wrong(say`none`)
  const ids = list.every(isIds) ? (list as number[][]) : undefined
  const names = ids ? ids.map((one) => one.join(' ')) : (list as unknown[])
  if (!names.every((name) => typeof name === 'string' && name.trim() !== '')) throw wrong(say`other values`)
  const twice = names.find((name, i) => names.indexOf(name) < i)
  if (twice !== undefined) throw wrong(say`${shortText(String(twice))} twice`)
  return { names: names as string[], ...(ids && { ids }) }
}
