// A file of rows whose rows can be read again from their places. A file that is not JSONL is copied as JSONL while it is read.
import { type ReadHow, autoHow } from '../../config/read-how'
import type { DataSource } from '../data-source'
import { tooLong } from '../cut-rows'
import { JsonlCopy, blobSource } from '../jsonl-copy'
import type { ReadRow } from '../parse-row'
import type { ReadRowsWatch } from './kind'
import { readAny } from './read-any'

export interface RowFile {
  /** Can be gone through once. Each row with a value has a place in `again`; its line is that of the file itself. */
  rows: AsyncGenerator<ReadRow>
  /** Where a row is read again. */
  again: DataSource
  /** The rows as JSONL; without rows if the file itself can be read again. */
  copy: JsonlCopy
}

export function openRowFile(source: DataSource, how: ReadHow = autoHow, watch: ReadRowsWatch = {}): RowFile {
  const copy = new JsonlCopy()
  let isCopied = false
  async function* rows(): AsyncGenerator<ReadRow> {
    for await (const row of readAny(source, how, watch)) {
      if (row.place || !row.value) {
        yield row
        continue
      }
      isCopied = true
      const place = copy.add(row.value)
      yield place ? { ...row, place } : { line: row.line, problem: tooLong }
    }
  }
  const copied = blobSource(source.name, () => copy.blob())
  const again: DataSource = { ...source, read: (at, sizeBytes) => (isCopied ? copied : source).read(at, sizeBytes) }
  return { rows: rows(), again, copy }
}
