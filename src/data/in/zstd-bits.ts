// Bits of a zstd block, and the tables by which they become symbols (RFC 8878, sections 4.1 and 4.2).

const width = (value: number): number => 32 - Math.clz32(value)

/** Reads bits from the end of some bytes to their start. The highest bit that is set in the last byte marks where they begin. */
export class BackwardBits {
  private readonly bytes: Uint8Array
  /** Bits that are left. It falls below 0 if more bits are read than there are: those are zeros. */
  left: number

  constructor(bytes: Uint8Array) {
    const last = bytes.at(-1)
    if (!last) throw new RangeError('zstd: bits without an end')
    this.bytes = bytes
    this.left = bytes.length * 8 - 9 + width(last)
  }

  /** The next bits, at most 24, without reading them. */
  peek(count: number): number {
    const from = this.left - count
    if (from < 0) return this.left <= 0 ? 0 : this.at(0, this.left) << -from
    return this.at(from, count)
  }

  /** At most 31 bits. */
  read(count: number): number {
    if (count > 16) return this.read(count - 16) * 65536 + this.read(16)
    const value = this.peek(count)
    this.left -= count
    return value
  }

  private at(bit: number, count: number): number {
    const [bytes, byte] = [this.bytes, bit >> 3]
    const [b, c, d] =
      byte + 3 < bytes.length ? [bytes[byte + 1], bytes[byte + 2], bytes[byte + 3]] : [1, 2, 3].map((i) => bytes[byte + i] ?? 0)
    return ((bytes[byte] | (b << 8) | (c << 16) | (d << 24)) >>> (bit & 7)) & ((1 << count) - 1)
  }
}

/** A table of finite state entropy: for each state its symbol, and how many bits are added to which base to get the next state. */
export interface StateTable {
  log: number
  symbols: Uint8Array
  bits: Uint8Array
  bases: Uint16Array
}

/** A table that has one symbol and reads no bits. */
export const oneSymbol = (symbol: number): StateTable => ({
  log: 0,
  symbols: Uint8Array.of(symbol),
  bits: new Uint8Array(1),
  bases: new Uint16Array(1),
})

/** @param counts how many of 2^log states each symbol has; -1 is one state at the end of the table */
export function stateTable(counts: readonly number[], log: number): StateTable {
  const size = 1 << log
  const table = { log, symbols: new Uint8Array(size), bits: new Uint8Array(size), bases: new Uint16Array(size) }
  const next = counts.map(Math.abs)
  let end = size
  counts.forEach((count, symbol) => {
    if (count < 0) table.symbols[--end] = symbol
  })
  const step = (size >> 1) + (size >> 3) + 3
  let place = 0
  counts.forEach((count, symbol) => {
    for (let i = 0; i < count; i++) {
      table.symbols[place] = symbol
      do place = (place + step) & (size - 1)
      while (place >= end)
    }
  })
  for (let state = 0; state < size; state++) {
    const value = next[table.symbols[state]]++
    table.bits[state] = log + 1 - width(value)
    table.bases[state] = (value << table.bits[state]) - size
  }
  return table
}

/** Reads the counts of a table, which begin at `at`, and says where they end. @throws RangeError if they do not add up */
export function readStateTable(bytes: Uint8Array, at: number, most: { log: number; symbol: number }): { table: StateTable; at: number } {
  let bit = at * 8
  const peek = (count: number): number => {
    const byte = bit >> 3
    const word = (bytes[byte] ?? 0) | ((bytes[byte + 1] ?? 0) << 8) | ((bytes[byte + 2] ?? 0) << 16)
    return (word >> (bit & 7)) & ((1 << count) - 1)
  }
  const log = peek(4) + 5
  bit += 4
  if (log > most.log) throw new RangeError(`zstd: a table of ${1 << log} states`)
  const counts: number[] = []
  let left = 1 << log
  while (left > 0 && counts.length <= most.symbol) {
    // Of the values 0 to left + 1, the lowest take one bit less.
    const bits = width(left + 1)
    const short = (1 << bits) - 2 - left
    const low = peek(bits - 1)
    const value = low < short ? low : peek(bits)
    bit += low < short ? bits - 1 : bits
    const count = (low < short || value < 1 << (bits - 1) ? value : value - short) - 1
    left -= Math.abs(count)
    counts.push(count)
    if (count !== 0) continue
    for (let more = 3; more === 3 && counts.length <= most.symbol; bit += 2) {
      more = peek(2)
      for (let i = 0; i < more; i++) counts.push(0)
    }
  }
  const end = (bit + 7) >> 3
  if (left !== 0 || counts.length > most.symbol + 1 || end > bytes.length) throw new RangeError('zstd: a table that does not add up')
  return { table: stateTable(counts, log), at: end }
}

/** A table of Huffman codes: for the next `log` bits their symbol, and how many of the bits are its code. */
export interface CodeTable {
  log: number
  symbols: Uint8Array
  bits: Uint8Array
}

/** The weights of symbols that finite state entropy packs: two states take turns. */
function packedWeights(bytes: Uint8Array): number[] {
  const { table, at } = readStateTable(bytes, 0, { log: 6, symbol: 255 })
  const bits = new BackwardBits(bytes.subarray(at))
  const states = [bits.read(table.log), bits.read(table.log)]
  const weights: number[] = []
  for (let turn = 0; weights.length < 255; turn ^= 1) {
    weights.push(table.symbols[states[turn]])
    states[turn] = table.bases[states[turn]] + bits.read(table.bits[states[turn]])
    if (bits.left >= 0) continue
    weights.push(table.symbols[states[turn ^ 1]])
    return weights
  }
  throw new RangeError('zstd: more than 255 weights')
}

/** Reads the table of Huffman codes that begins at `at`, and says where it ends (RFC 8878, section 4.2.1). */
export function readCodeTable(bytes: Uint8Array, at: number): { table: CodeTable; at: number } {
  const header = bytes[at] ?? 0
  const end = at + 1 + (header < 128 ? header : (header - 126) >> 1)
  if (end > bytes.length) throw new RangeError('zstd: codes that are cut off')
  const own = bytes.subarray(at + 1, end)
  const weights =
    header < 128 ? packedWeights(own) : Array.from({ length: header - 127 }, (_, i) => (i % 2 ? own[i >> 1] & 15 : own[i >> 1] >> 4))
  const sum = weights.reduce((all, weight) => all + ((1 << weight) >> 1), 0)
  const log = width(sum)
  const rest = (1 << log) - sum
  if (sum === 0 || log > 11 || (rest & (rest - 1)) !== 0) throw new RangeError('zstd: codes that do not add up')
  // The weight of the last symbol fills the table.
  weights.push(width(rest))
  const table: CodeTable = { log, symbols: new Uint8Array(1 << log), bits: new Uint8Array(1 << log) }
  let place = 0
  for (let weight = 1; weight <= log; weight++)
    weights.forEach((one, symbol) => {
      if (one !== weight) return
      const after = place + (1 << (weight - 1))
      table.symbols.fill(symbol, place, after)
      table.bits.fill(log + 1 - weight, place, after)
      place = after
    })
  return { table, at: end }
}

/** Fills `out` with the symbols of codes. @throws RangeError if they are not as many */
export function readCodes(bytes: Uint8Array, table: CodeTable, out: Uint8Array): void {
  const bits = new BackwardBits(bytes)
  for (let i = 0; i < out.length; i++) {
    const next = bits.peek(table.log)
    out[i] = table.symbols[next]
    bits.left -= table.bits[next]
  }
  if (bits.left !== 0) throw new RangeError('zstd: codes of another length')
}
