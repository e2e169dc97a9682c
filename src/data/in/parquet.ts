// Parquet, read with hyparquet, which is loaded when there is such a file.
import type { FileMetaData } from 'hyparquet'
import { Cancelled, FormatError, TabTuneError, messageOf } from '../../config/errors'
import { asWritten, say } from '../../config/phrase'
import { type DataSource, bytesOf } from '../data-source'
import { blobSource } from '../jsonl-copy'
import { type ReadRow, mostKeys } from '../parse-row'
import { shortText } from '../short-text'
import type { Reading, RowKind } from './kind'

const magic = 'PAR1'
/** Bytes behind the metadata: their length and the mark. */
const tailBytes = 8
const mostMetadata = 2 ** 24

const isMagic = (bytes: Uint8Array): boolean => String.fromCharCode(...bytes.subarray(0, 4)) === magic

/** The source itself; one that is only a stream, because it is in gzip, as a Blob. */
async function seekable(source: DataSource): Promise<DataSource> {
  if (source.sizeBytes !== undefined) return source
  const parts: Blob[] = []
  for await (const chunk of bytesOf(source)) parts.push(new Blob([new Uint8Array(chunk)]))
  const blob = new Blob(parts)
  return blobSource(source.name, () => blob)
}

/** The metadata at the end of the file. @throws RangeError, and hyparquet's errors, if they are damaged */
async function readMetadata(source: DataSource): Promise<FileMetaData> {
  const [{ parquetMetadata }, { endOfStruct }] = await Promise.all([import('hyparquet'), import('./thrift-check')])
  const size = source.sizeBytes ?? 0
  const tail = await source.read(Math.max(0, size - tailBytes), tailBytes)
  if (size < 2 * tailBytes || !isMagic(tail.subarray(4))) throw new RangeError('a file that is cut off')
  const length = new DataView(tail.buffer, tail.byteOffset).getUint32(0, true)
  if (length > Math.min(mostMetadata, size - tailBytes)) throw new RangeError(`metadata of ${length} bytes (at most ${mostMetadata})`)
  const bytes = new Uint8Array(await source.read(size - tailBytes - length, length + tailBytes))
  endOfStruct(bytes, 0)
  return parquetMetadata(bytes, { geoparquet: false })
}

async function* groups(source: DataSource, note: Reading['note']): AsyncGenerator<ReadRow> {
  const [{ parquetSchema }, { valueReader }, { readGroup }, { Budget }] = await Promise.all([
    import('hyparquet'),
    import('./parquet-values'),
    import('./parquet-group'),
    import('./parquet-budget'),
  ])
  const metadata = await readMetadata(source)
  const schema = parquetSchema(metadata)
  const { children } = schema
  if (!children.length || children.length > mostKeys) throw new RangeError(`${children.length} columns (at most ${mostKeys})`)
  const notText = new Set<string>()
  const columns = children.map((node) => {
    const { name } = node.element
    return { name, read: valueReader(node, () => notText.add(name)) }
  })
  let row = 0
  const budget = new Budget(source.sizeBytes ?? 0)
  for (const group of metadata.row_groups) {
    const values = await readGroup(source, group, schema, budget)
    for (let i = 0; i < Number(group.num_rows); i++)
      yield { line: ++row, value: Object.fromEntries(columns.map(({ name, read }, c) => [name, read(values[c][i])])) }
  }
  if (notText.size)
    note(say`Values that are bytes and not text are left out, in the columns ${[...notText].slice(0, 20).map(shortText).join(', ')}.`)
}

async function* rows({ source: given, note }: Reading): AsyncGenerator<ReadRow> {
  const source = await seekable(given)
  try {
    yield* groups(source, note)
  } catch (error) {
    if (error instanceof TabTuneError || error instanceof Cancelled) throw error
    throw new FormatError(
      say`${source.name}: expected a Parquet file that can be read, got ${asWritten(shortText(messageOf(error)))}. Download it again, or write it again with smaller row groups.`,
    )
  }
}

export const parquet: RowKind = {
  kind: 'parquet',
  isText: false,
  isLike: ({ bytes }) => isMagic(bytes),
  guess: () => ({}),
  describe: () => say`Read as Parquet.`,
  rows,
}
