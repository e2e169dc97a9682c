// Unpacks zstd (RFC 8878). fzstd writes what a page claims, and it took 139 s for a page of 80 KB that claims 5 GB. Here, what a sequence
// writes is compared with the room that is left before it is written. So the time grows with the packed and the unpacked bytes only. The
// checksum at the end of a frame is not compared.
import { BackwardBits, type CodeTable, oneSymbol, readCodes, readCodeTable, readStateTable, type StateTable, stateTable } from './zstd-bits'

const mostBlockBytes = 2 ** 17

/** How the symbols of one kind (lengths of literals, offsets, lengths of matches) are coded, and the numbers that they mean. */
interface Numbers {
  most: { log: number; symbol: number }
  usual: StateTable
  bits: readonly number[]
  bases: readonly number[]
}

/** @param extra bits behind each symbol @param first number of the first symbol */
function numbers(log: number, usual: StateTable, extra: readonly number[], first: number): Numbers {
  let base = first
  const bases = extra.map((bits) => (base += 2 ** bits) - 2 ** bits)
  return { most: { log, symbol: extra.length - 1 }, usual, bits: extra, bases }
}

const times = (count: number, value: number): number[] => Array<number>(count).fill(value)
const upTo = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i)

const literalLengths = numbers(
  9,
  stateTable([4, 3, ...times(11, 2), 1, 1, 1, ...times(9, 2), 3, 2, ...times(5, 1), ...times(4, -1)], 6),
  [...times(16, 0), 1, 1, 1, 1, 2, 2, 3, 3, 4, ...upTo(6, 16)],
  0,
)
const offsets = numbers(8, stateTable([...times(6, 1), 2, 2, 2, ...times(15, 1), ...times(5, -1)], 5), upTo(0, 31), 1)
const matchLengths = numbers(
  9,
  stateTable([1, 4, 3, ...times(6, 2), ...times(37, 1), ...times(7, -1)], 6),
  [...times(32, 0), 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, ...upTo(7, 16)],
  3,
)
/** In the order of their tables in a block. */
const kinds = [literalLengths, offsets, matchLengths] as const

/** What the blocks of a frame share. */
interface Frame {
  out: Uint8Array
  /** Where the frame begins in `out`, and where its next byte is written. */
  start: number
  at: number
  codes?: CodeTable
  tables: (StateTable | undefined)[]
  /** The last three offsets. */
  recent: [number, number, number]
}

/** @throws RangeError if `bytes` more do not fit */
function room(frame: Frame, bytes: number): void {
  if (!(bytes <= frame.out.length - frame.at)) throw new RangeError(`zstd: more than ${frame.out.length} bytes`)
}

function cut(bytes: Uint8Array, from: number, to: number): Uint8Array {
  if (!(to <= bytes.length)) throw new RangeError('zstd: data that are cut off')
  return bytes.subarray(from, to)
}

/** A number of `width` bytes, the lowest first. */
function number(bytes: Uint8Array, at: number, width: number): number {
  return cut(bytes, at, at + width).reduceRight((value, byte) => value * 256 + byte, 0)
}

/** The literals of a block, and where they end in it (section 3.1.1.3.1). */
function literalsOf(block: Uint8Array, frame: Frame): { literals: Uint8Array; at: number } {
  const [kind, format] = [block[0] & 3, (block[0] >> 2) & 3]
  if (kind < 2) {
    const width = format % 2 === 0 ? 1 : (format + 3) >> 1
    const size = number(block, 0, width) >> (width === 1 ? 3 : 4)
    room(frame, size)
    if (kind === 0) return { literals: cut(block, width, width + size), at: width + size }
    return { literals: new Uint8Array(size).fill(number(block, width, 1)), at: width + 1 }
  }
  const [width, bits] = [
    [3, 10],
    [3, 10],
    [4, 14],
    [5, 18],
  ][format]
  const sizes = Math.floor(number(block, 0, width) / 16)
  const [size, packed] = [sizes % 2 ** bits, Math.floor(sizes / 2 ** bits)]
  room(frame, size)
  const codes = cut(block, width, width + packed)
  let at = 0
  if (kind === 2) ({ table: frame.codes, at } = readCodeTable(codes, 0))
  if (!frame.codes) throw new RangeError('zstd: codes without a table')
  const literals = new Uint8Array(size)
  if (format === 0) readCodes(codes.subarray(at), frame.codes, literals)
  else readFourStreams(codes.subarray(at), frame.codes, literals)
  return { literals, at: width + packed }
}

function readFourStreams(bytes: Uint8Array, codes: CodeTable, literals: Uint8Array): void {
  const part = (literals.length + 3) >> 2
  let at = 6
  for (let stream = 0; stream < 4; stream++) {
    const end = stream < 3 ? at + number(bytes, 2 * stream, 2) : bytes.length
    readCodes(cut(bytes, at, end), codes, literals.subarray(part * stream, stream < 3 ? part * (stream + 1) : undefined))
    at = end
  }
}

/** Reads the number of sequences and their tables, and says where they end (section 3.1.1.3.2.1). */
function sequencesHeader(block: Uint8Array, from: number, frame: Frame): { count: number; at: number } {
  const first = number(block, from, 1)
  if (first === 0) return { count: 0, at: from + 1 }
  const width = first < 128 ? 1 : first < 255 ? 2 : 3
  const count = [first, (first - 128) * 256 + (block[from + 1] ?? 0), number(block.subarray(from + 1), 0, Math.max(0, width - 1)) + 0x7f00][
    width - 1
  ]
  let at = from + width + 1
  const modes = number(block, at - 1, 1)
  kinds.forEach((kind, i) => {
    const mode = (modes >> (6 - 2 * i)) & 3
    if (mode === 0) frame.tables[i] = kind.usual
    if (mode === 1) {
      const symbol = number(block, at++, 1)
      if (symbol > kind.most.symbol) throw new RangeError('zstd: a symbol that does not exist')
      frame.tables[i] = oneSymbol(symbol)
    }
    if (mode === 2) ({ table: frame.tables[i], at } = readStateTable(block, at, kind.most))
  })
  if (modes & 3) throw new RangeError('zstd: modes that do not exist')
  return { count, at }
}

/** What an offset's value means, given the last three (section 3.1.1.5). */
function offsetOf(value: number, literals: number, recent: Frame['recent']): number {
  const place = value > 3 ? 3 : value - 1 + (literals === 0 ? 1 : 0)
  const offset = value > 3 ? value - 3 : place < 3 ? recent[place] : recent[0] - 1
  if (place > 1) recent[2] = recent[1]
  if (place > 0) recent[1] = recent[0]
  recent[0] = offset
  return offset
}

function copyMatch(frame: Frame, offset: number, length: number): void {
  const { out, at } = frame
  if (!(offset > 0 && offset <= at - frame.start)) throw new RangeError('zstd: a match before the start')
  room(frame, length)
  for (let i = at; i < at + length; i++) out[i] = out[i - offset]
  frame.at += length
}

/** @returns how many literals the sequences have used */
function runSequences(bytes: Uint8Array, count: number, literals: Uint8Array, frame: Frame): number {
  const [lengths, places, matches] = frame.tables
  if (!lengths || !places || !matches) throw new RangeError('zstd: sequences without a table')
  const bits = new BackwardBits(bytes)
  let [length, place, match] = [bits.read(lengths.log), bits.read(places.log), bits.read(matches.log)]
  let used = 0
  for (let left = count; left > 0; left--) {
    const [l, o, m] = [lengths.symbols[length], places.symbols[place], matches.symbols[match]]
    const value = offsets.bases[o] + bits.read(offsets.bits[o])
    const copied = matchLengths.bases[m] + bits.read(matchLengths.bits[m])
    const own = literalLengths.bases[l] + bits.read(literalLengths.bits[l])
    if (left > 1) {
      length = lengths.bases[length] + bits.read(lengths.bits[length])
      match = matches.bases[match] + bits.read(matches.bits[match])
      place = places.bases[place] + bits.read(places.bits[place])
    }
    if (bits.left < 0) throw new RangeError('zstd: sequences that are cut off')
    append(cut(literals, used, used + own), frame)
    used += own
    copyMatch(frame, offsetOf(value, own, frame.recent), copied)
  }
  if (bits.left !== 0) throw new RangeError('zstd: more sequences than there should be')
  return used
}

function append(bytes: Uint8Array, frame: Frame): void {
  room(frame, bytes.length)
  frame.out.set(bytes, frame.at)
  frame.at += bytes.length
}

function packedBlock(block: Uint8Array, frame: Frame): void {
  if (block.length === 0) throw new RangeError('zstd: data that are cut off')
  const { literals, at: after } = literalsOf(block, frame)
  const { count, at } = sequencesHeader(block, after, frame)
  const used = count > 0 ? runSequences(cut(block, at, block.length), count, literals, frame) : 0
  append(literals.subarray(used), frame)
}

/** Where the blocks of the frame at `at` begin, and whether a checksum follows them (section 3.1.1.1). */
function frameHeader(bytes: Uint8Array, at: number): { blocks: number; hasChecksum: boolean } {
  const descriptor = number(bytes, at + 4, 1)
  if (descriptor & 11) throw new RangeError('zstd: a frame that needs a dictionary')
  const isSingle = (descriptor & 32) !== 0
  const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6]
  return { blocks: at + 5 + (isSingle ? 0 : 1) + sizeBytes, hasChecksum: (descriptor & 4) !== 0 }
}

/** Unpacks the blocks of a frame, and says where they end. */
function readBlocks(packed: Uint8Array, from: number, frame: Frame): number {
  for (let at = from, isLast = false; ;) {
    const header = number(packed, at, 3)
    const [kind, size] = [(header >> 1) & 3, header >> 3]
    isLast = (header & 1) !== 0
    at += 3
    if (size > mostBlockBytes || kind === 3) throw new RangeError('zstd: a block that does not exist')
    const end = at + (kind === 1 ? 1 : size)
    const block = cut(packed, at, end)
    if (kind === 0) append(block, frame)
    else if (kind === 2) packedBlock(block, frame)
    else {
      room(frame, size)
      frame.out.fill(block[0], frame.at, frame.at + size)
      frame.at += size
    }
    at = end
    if (isLast) return at
  }
}

/**
 * Unpacks frames of zstd, one after another.
 * @param size most bytes that they may become
 * @throws RangeError if they are damaged or become more
 */
export function unpackZstd(packed: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size)
  let [at, done] = [0, 0]
  while (at < packed.length) {
    const magic = number(packed, at, 4)
    if (magic >= 0x184d2a50 && magic < 0x184d2a60) {
      at += 8 + number(packed, at + 4, 4)
      continue
    }
    if (magic !== 0xfd2fb528) throw new RangeError('zstd: data that are no frame')
    const { blocks, hasChecksum } = frameHeader(packed, at)
    const frame: Frame = { out, start: done, at: done, tables: [], recent: [1, 4, 8] }
    at = readBlocks(packed, blocks, frame) + (hasChecksum ? 4 : 0)
    done = frame.at
  }
  if (at > packed.length) throw new RangeError('zstd: data that are cut off')
  return out.subarray(0, done)
}
