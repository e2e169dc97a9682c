// Reads the rows of any file that has rows.
import { Cancelled } from '../../config/errors'
import { type ReadHow, autoHow } from '../../config/read-how'
import { type DataSource, bytesOf } from '../data-source'
import { batchRow } from '../batch-request'
import type { ReadRow } from '../parse-row'
import { guessHow, howNotes, ungzipped } from './guess-how'
import { inflatedSource } from './gzip'
import type { ReadRowsWatch } from './kind'
import { kindOf } from './registry'

/** The source, which tells how much of it is read and can be stopped. */
function watched(source: DataSource, { onBytes, signal }: ReadRowsWatch): DataSource {
  let bytes = 0
  const count = (size: number): void => {
    bytes += size
    onBytes?.(Math.min(bytes, source.sizeBytes ?? bytes))
    if (signal?.aborted) throw new Cancelled()
  }
  return {
    ...source,
    async *stream() {
      for await (const chunk of bytesOf(source)) {
        count(chunk.length)
        yield chunk
      }
    },
    async read(at, sizeBytes) {
      count(sizeBytes)
      return source.read(at, sizeBytes)
    },
  }
}

/** JSONL has done the same with the rows that have a place. */
function inBatch(row: ReadRow): ReadRow {
  if (!row.value) return row
  const { value, problem } = batchRow(row.value)
  return problem ? { line: row.line, problem } : { ...row, value }
}

/**
 * The rows of a file in order; every row is a value or a problem. `place` is set only for JSONL in UTF-8 that is not in gzip.
 * @throws FormatError for a file that cannot be read at all, Cancelled
 */
export async function* readAny(source: DataSource, how: ReadHow = autoHow, watch: ReadRowsWatch = {}): AsyncGenerator<ReadRow> {
  const complete = Object.values(how).includes('auto') ? await guessHow(source, how) : how
  const { kind, encoding } = complete
  const { isGzip } = await ungzipped(source)
  const hasPlaces = kind === 'jsonl' && encoding === 'utf-8' && !isGzip
  const reading = {
    source: isGzip ? inflatedSource(watched(source, watch)) : watched(source, watch),
    encoding: encoding === 'auto' ? ('utf-8' as const) : encoding,
    how: complete,
    note: watch.onNote ?? (() => undefined),
  }
  for (const note of howNotes(complete, how)) reading.note(note)
  for await (const { place, ...row } of kindOf(kind === 'auto' ? 'jsonl' : kind).rows(reading))
    yield hasPlaces ? { ...row, place } : inBatch(row)
}
