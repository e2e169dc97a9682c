// Reads one row group of a Parquet file, column by column. hyparquet puts the columns together to lists and structs.
import type { DecodedArray, RowGroup, SchemaTree } from 'hyparquet'
import { assembleNested } from 'hyparquet/src/assemble.js'
import { DEFAULT_PARSERS } from 'hyparquet/src/convert.js'
import { getTreePath } from 'hyparquet/src/schema.js'
import type { DataSource } from '../data-source'
import type { Budget } from './parquet-budget'
import { ColumnReader } from './parquet-column'

const mostRows = 2 ** 22

/** The columns of a row group, one for each child of the schema's root, with a value for each row. */
export async function readGroup(source: DataSource, group: RowGroup, schema: SchemaTree, budget: Budget): Promise<DecodedArray[]> {
  const rows = Number(group.num_rows)
  if (!(rows >= 0 && rows <= mostRows)) throw new RangeError(`a row group of ${rows} rows (at most ${mostRows})`)
  if (rows === 0) return schema.children.map(() => [])
  budget.startGroup()
  const leaves = new Map<string, DecodedArray>()
  for (const column of group.columns) {
    const path = getTreePath(schema, column.meta_data?.path_in_schema ?? [])
    leaves.set(path.slice(1).map(({ element }) => element.name).join('.'), await readColumn(source, column, path, budget)) // prettier-ignore
  }
  return schema.children.map((child) => {
    assembleNested(leaves, child, DEFAULT_PARSERS)
    const values = leaves.get(child.path.join('.'))
    if (values?.length !== rows) throw new RangeError(`${values?.length ?? 0} values of ${child.element.name} in ${rows} rows`)
    return values
  })
}

/** @throws RangeError if the column is outside the file */
async function readColumn(
  source: DataSource,
  { meta_data: meta, file_path: elsewhere }: RowGroup['columns'][number],
  path: SchemaTree[],
  budget: Budget,
): Promise<DecodedArray> {
  if (!meta || elsewhere) throw new RangeError('a column whose values are in another file')
  const from = Number(meta.dictionary_page_offset || meta.data_page_offset)
  const size = Number(meta.total_compressed_size)
  if (!(from >= 4 && size >= 0 && from + size <= (source.sizeBytes ?? 0))) throw new RangeError('a column outside the file')
  budget.readBytes(size)
  const bytes = await source.read(from, size)
  if (bytes.length < size) throw new RangeError('a file that is cut off')
  return new ColumnReader(meta, path, budget).read(bytes)
}
