// Reads a column of a row group page by page. What a page claims is checked, and counted as memory, before anything is allocated for it.
import type { ColumnMetaData, DecodedArray, PageHeader, SchemaTree } from 'hyparquet'
import { assembleLists } from 'hyparquet/src/assemble.js'
import { parquetHeader } from 'hyparquet/src/column.js'
import { DEFAULT_PARSERS, convert } from 'hyparquet/src/convert.js'
import { getMaxDefinitionLevel, getMaxRepetitionLevel } from 'hyparquet/src/schema.js'
import { joinedBytes } from '../../config/joined-bytes'
import { ByteCursor } from './byte-cursor'
import type { Budget } from './parquet-budget'
import { pageValues, plainValues, readLevels } from './parquet-page'
import { unpacked } from './parquet-unpack'
import { endOfStruct } from './thrift-check'

/** About the bytes that a value takes in memory, and those of each list and struct around it. */
const [valueBytes, levelBytes] = [64, 32]

export class ColumnReader {
  private readonly meta: ColumnMetaData
  /** The schema from its root to the column. */
  private readonly path: SchemaTree[]
  private readonly budget: Budget
  private readonly leaf: SchemaTree
  private dictionary: DecodedArray | undefined

  constructor(meta: ColumnMetaData, path: SchemaTree[], budget: Budget) {
    this.meta = meta
    this.path = path
    this.budget = budget
    this.leaf = path[path.length - 1]
    if (this.leaf.children.length) throw new RangeError('a column without values')
  }

  /** The values of the column, nested as the schema says, from the bytes of its pages. */
  read(bytes: Uint8Array): DecodedArray {
    const cursor = new ByteCursor(bytes)
    const rows: unknown[] = []
    let left = Number(this.meta.num_values)
    while (left > 0) {
      const { header, packed } = nextPage(cursor)
      if (header.dictionary_page_header) this.readDictionary(header, packed)
      const data = header.data_page_header ?? header.data_page_header_v2
      if (!data) continue
      if (!(data.num_values >= 0 && data.num_values <= left)) throw new RangeError(`a page of ${data.num_values} values`)
      left -= data.num_values
      const page = this.readPage(header, packed, rows)
      if (page !== rows) for (const value of page) rows.push(value)
    }
    return rows
  }

  private readDictionary({ dictionary_page_header: head, uncompressed_page_size: size }: PageHeader, packed: Uint8Array): void {
    const count = head?.num_values ?? 0
    if (!(count >= 0)) throw new RangeError(`a dictionary of ${count} values`)
    this.spendOn(count, size)
    const values = plainValues(new ByteCursor(unpacked(packed, size, this.meta.codec)), count, this.values)
    this.dictionary = this.converted(values)
  }

  /** The rows of a page. Where values may be absent or repeated, they are added to `rows`, because a row may begin on the page before. */
  private readPage(header: PageHeader, packed: Uint8Array, rows: unknown[]): DecodedArray {
    const data = header.data_page_header ?? header.data_page_header_v2
    if (!data) return []
    const { num_values: count, encoding } = data
    this.spendOn(count, header.uncompressed_page_size)
    const cursor = new ByteCursor(this.unpackedPage(header, packed))
    const mostDefined = getMaxDefinitionLevel(this.path)
    const isOld = header.data_page_header !== undefined
    const repetition = readLevels(cursor, getMaxRepetitionLevel(this.path), count, isOld)
    const v2 = header.data_page_header_v2
    if (v2) cursor.at = v2.repetition_levels_byte_length
    const definition = readLevels(cursor, mostDefined, count, isOld)
    if (v2) cursor.at = v2.repetition_levels_byte_length + v2.definition_levels_byte_length
    const there = mostDefined ? definition.filter((level) => level === mostDefined).length : count
    const values = pageValues(cursor, encoding, there, this.values)
    const isPlain = encoding !== 'PLAIN_DICTIONARY' && encoding !== 'RLE_DICTIONARY'
    const read = isPlain ? this.converted(values) : values
    return assembleLists(rows, there === count ? [] : definition, repetition, read, this.path)
  }

  /** A page without compression. In pages of version 2, the levels are never packed. */
  private unpackedPage(header: PageHeader, packed: Uint8Array): Uint8Array {
    const size = header.uncompressed_page_size
    const v2 = header.data_page_header_v2
    if (!v2) return unpacked(packed, size, this.meta.codec)
    const [repetition, definition] = [v2.repetition_levels_byte_length, v2.definition_levels_byte_length]
    const levels = repetition + definition
    if (!(repetition >= 0 && definition >= 0 && levels <= size && levels <= packed.length))
      throw new RangeError('levels outside their page')
    const values = unpacked(packed.subarray(levels), size - levels, v2.is_compressed === false ? 'UNCOMPRESSED' : this.meta.codec)
    return joinedBytes([packed.subarray(0, levels), values])
  }

  private spendOn(values: number, bytes: number): void {
    this.budget.spend(bytes + values * (valueBytes + levelBytes * (this.path.length - 2)))
  }

  private get values() {
    const { leaf, dictionary, budget } = this
    return { type: this.meta.type, leaf, dictionary, budget }
  }

  private converted(values: DecodedArray): DecodedArray {
    const { type, codec, path_in_schema: pathInSchema } = this.meta
    const nanoseconds = { ...DEFAULT_PARSERS, timestampFromNanoseconds: (nanos: bigint) => nanos }
    return convert(values, {
      type,
      codec,
      pathInSchema,
      element: this.leaf.element,
      schemaPath: this.path,
      parsers: nanoseconds,
      utf8: false,
    })
  }
}

/** The header of the next page, and its bytes. @throws RangeError if they are not there */
function nextPage(cursor: ByteCursor): { header: PageHeader; packed: Uint8Array } {
  const { bytes } = cursor
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset: cursor.at }
  cursor.at = endOfStruct(bytes, cursor.at)
  const header = parquetHeader(reader)
  const from = cursor.at
  if (!(header.uncompressed_page_size >= 0)) throw new RangeError(`a page of ${header.uncompressed_page_size} bytes`)
  cursor.skip(header.compressed_page_size)
  return { header, packed: bytes.subarray(from, cursor.at) }
}
