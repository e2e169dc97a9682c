// The values of one page of a Parquet file, which is unpacked already. hyparquet decodes them where it allocates no more than there is.
import type { DecodedArray, Encoding, ParquetType, SchemaTree } from 'hyparquet'
import { byteStreamSplit } from 'hyparquet/src/encoding.js'
import { readPlain } from 'hyparquet/src/plain.js'
import { ByteCursor } from './byte-cursor'
import type { Budget } from './parquet-budget'
import { readDeltaBytes, readDeltas } from './parquet-deltas'
import { readRuns } from './parquet-runs'

/** Least bytes of a plain value. */
const plainBytes: Readonly<Record<ParquetType, number>> = {
  BOOLEAN: 1 / 8,
  INT32: 4,
  INT64: 8,
  INT96: 12,
  FLOAT: 4,
  DOUBLE: 8,
  BYTE_ARRAY: 4,
  FIXED_LEN_BYTE_ARRAY: 1,
}

interface Values {
  type: ParquetType
  /** The place of the type in the schema. */
  leaf: SchemaTree
  dictionary?: DecodedArray
  budget: Budget
}

const widthOf = (most: number): number => 32 - Math.clz32(most)

/** Levels of nesting: `most` is the highest. In older pages, their length is before them. */
export function readLevels(cursor: ByteCursor, most: number, count: number, hasLength: boolean): number[] {
  if (!most) return []
  const end = hasLength ? cursor.number(4) + cursor.at : undefined
  const levels = readRuns(cursor, widthOf(most), count)
  if (end !== undefined) cursor.skip(end - cursor.at)
  return levels
}

/** Plain values. @throws RangeError before anything is allocated that is not there */
export function plainValues(cursor: ByteCursor, count: number, { type, leaf }: Values): DecodedArray {
  const { bytes, at } = cursor
  const width = type === 'FIXED_LEN_BYTE_ARRAY' ? (leaf.element.type_length ?? 0) : plainBytes[type]
  if (!(count * width <= cursor.left) || !(width > 0)) throw new RangeError(`a page of ${count} values in ${cursor.left} bytes`)
  return readPlain({ view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset: at }, type, count, leaf.element.type_length)
}

/** `count` values at the cursor. */
export function pageValues(cursor: ByteCursor, encoding: Encoding, count: number, values: Values): DecodedArray {
  if (count === 0) return []
  const { type, leaf, dictionary, budget } = values
  switch (encoding) {
    case 'PLAIN':
      return plainValues(cursor, count, values)
    case 'PLAIN_DICTIONARY':
    case 'RLE_DICTIONARY':
      return readRuns(cursor, cursor.next(), count).map((place) => inDictionary(dictionary, place))
    case 'RLE':
      if (type !== 'BOOLEAN') throw new RangeError(`values of the type ${type} in the encoding RLE`)
      cursor.skip(4)
      return readRuns(cursor, 1, count).map(Boolean)
    case 'BYTE_STREAM_SPLIT': {
      const { bytes, at } = cursor
      const width = type === 'FIXED_LEN_BYTE_ARRAY' ? (leaf.element.type_length ?? 0) : plainBytes[type]
      if (!(count * width <= cursor.left)) throw new RangeError(`a page of ${count} values in ${cursor.left} bytes`)
      return byteStreamSplit({ view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset: at }, count, type, width)
    }
    case 'DELTA_BINARY_PACKED':
      return readDeltas(cursor, type === 'INT32' ? new Int32Array(count) : new BigInt64Array(count))
    case 'DELTA_LENGTH_BYTE_ARRAY':
      return readDeltaBytes(cursor, count, false, budget)
    case 'DELTA_BYTE_ARRAY':
      return readDeltaBytes(cursor, count, true, budget)
    default:
      throw new RangeError(`values in the encoding ${encoding}`)
  }
}

function inDictionary(dictionary: DecodedArray | undefined, place: number): unknown {
  if (!dictionary || place >= dictionary.length) throw new RangeError(`value ${place} of a dictionary of ${dictionary?.length ?? 0}`)
  return dictionary[place]
}
