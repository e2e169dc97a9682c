// Reads one row group of a Parquet file with hyparquet. What its metadata and page headers claim is checked against the bytes that are
// there before hyparquet allocates anything for it.
import { type FileMetaData, type RowGroup, parquetRead } from 'hyparquet'
import { compressors, decompressZstd } from 'hyparquet-compressors'
import { parquetHeader } from 'hyparquet/src/column.js'
import type { DataSource } from '../data-source'
import { endOfStruct } from './thrift-check'

/** Most rows, values and bytes of a row group, and bytes of one page. */
const [mostRows, mostValues, mostGroupBytes, mostPageBytes] = [2 ** 22, 2 ** 26, 2 ** 30, 2 ** 28]

interface Span {
  from: number
  bytes: Uint8Array<ArrayBuffer>
}

interface Chunk {
  from: number
  to: number
  values: number
}

const numberOf = (value: bigint | number | undefined): number => Number(value ?? 0)

/** The places of the columns' bytes. @throws RangeError if they are outside the file or claim too much */
function chunksOf({ columns, num_rows: rows }: RowGroup, fileBytes: number): Chunk[] {
  if (rows < 0n || rows > mostRows) throw new RangeError(`a row group of ${rows} rows (at most ${mostRows})`)
  const chunks = columns.map(({ meta_data: meta, file_path: elsewhere }) => {
    if (!meta || elsewhere) throw new RangeError('a column whose values are in another file')
    const from = numberOf(meta.dictionary_page_offset || meta.data_page_offset)
    return { from, to: from + numberOf(meta.total_compressed_size), values: numberOf(meta.num_values) }
  })
  for (const { from, to, values } of chunks)
    if (!(from >= 4 && to >= from && to <= fileBytes) || values < 0) throw new RangeError('a column outside the file')
  const [values, bytes] = [sum(chunks.map((chunk) => chunk.values)), sum(chunks.map(({ from, to }) => to - from))]
  if (values > mostValues) throw new RangeError(`a row group of ${values} values (at most ${mostValues})`)
  if (bytes > mostGroupBytes) throw new RangeError(`a row group of ${bytes} bytes (at most ${mostGroupBytes})`)
  return chunks
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)

/** Bytes that the pages of a column become. @throws RangeError if its page headers claim more values or bytes than the column has */
function checkPages(bytes: Uint8Array<ArrayBuffer>, { values }: Chunk): number {
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset: 0 }
  let [left, unpacked] = [values, 0]
  while (left > 0 && reader.offset < bytes.length - 1) {
    endOfStruct(bytes, reader.offset)
    const header = parquetHeader(reader)
    const { compressed_page_size: packed, uncompressed_page_size: size } = header
    const data = header.data_page_header ?? header.data_page_header_v2
    const count = (data ?? header.dictionary_page_header)?.num_values ?? 0
    if (!(packed >= 0 && size >= 0 && size <= mostPageBytes && packed <= bytes.length - reader.offset))
      throw new RangeError('a page outside its column')
    const isDictionary = !data
    if (!(count >= 0 && count <= (isDictionary ? Math.min(mostValues, 8 * size) : left))) throw new RangeError(`a page of ${count} values`)
    if (!isDictionary) left -= count
    unpacked += size
    reader.offset += packed
  }
  if (left > 0) throw new RangeError(`a column without ${left} of its values`)
  return unpacked
}

/** The bytes of a row group, checked. */
async function checkedSpan(source: DataSource, group: RowGroup, fileBytes: number): Promise<Span> {
  const chunks = chunksOf(group, fileBytes)
  const [from, to] = [Math.min(...chunks.map((chunk) => chunk.from)), Math.max(...chunks.map((chunk) => chunk.to))]
  if (to - from > mostGroupBytes) throw new RangeError(`a row group that reaches over ${to - from} bytes (at most ${mostGroupBytes})`)
  const bytes = new Uint8Array(await source.read(from, to - from))
  if (bytes.length < to - from) throw new RangeError('a file that is cut off')
  const unpacked = sum(chunks.map((chunk) => checkPages(bytes.subarray(chunk.from - from, chunk.to - from), chunk)))
  if (unpacked > mostGroupBytes) throw new RangeError(`a row group of ${unpacked} bytes when unpacked (at most ${mostGroupBytes})`)
  return { from, bytes }
}

const unpackers = { ...compressors, ZSTD: (input: Uint8Array, size: number) => decompressZstd(input, new Uint8Array(size)) }

/** The rows of a group as lists of raw values, in the order of the columns. `firstRow`: the number of rows before it. */
export async function readGroup(source: DataSource, metadata: FileMetaData, group: RowGroup, firstRow: number): Promise<unknown[][]> {
  const byteLength = source.sizeBytes ?? 0
  if (group.num_rows === 0n) return []
  const { from, bytes } = await checkedSpan(source, group, byteLength)
  const slice = async (start: number, end = byteLength): Promise<ArrayBuffer> => bytes.buffer.slice(start - from, end - from)
  let rows: unknown[][] = []
  await parquetRead({
    file: { byteLength, slice },
    metadata,
    rowStart: firstRow,
    rowEnd: firstRow + Number(group.num_rows),
    compressors: unpackers,
    utf8: false,
    parsers: { timestampFromNanoseconds: (nanos: bigint) => nanos },
    geoparquet: false,
    onComplete: (all: unknown[][]) => (rows = all),
  })
  return rows
}
