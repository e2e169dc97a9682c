// Texts that are found again by texts like them.
import type { SettingsOf } from '../../config/field'
import { say } from '../../config/phrase'
import type { Tally } from '../tally'
import { MinHash } from './min-hash'
import { type Shingled, Shingler, jaccard } from './shingles'

/** The settings of every step that compares texts. */
export const nearFields = [
  {
    key: 'size',
    type: 'number',
    label: 'Words in a shingle',
    help: 'Texts are compared by all runs of this many words.',
    default: 3,
    min: 1,
    max: 10,
    integer: true,
    advanced: true,
  },
  {
    key: 'hashes',
    type: 'number',
    label: 'Hashes',
    help: 'More hashes find pairs near the threshold more surely, and take longer.',
    default: 128,
    min: 16,
    max: 512,
    integer: true,
    advanced: true,
  },
] as const
type NearSettings = SettingsOf<typeof nearFields> & { threshold: number }

interface Near {
  /** What the text was added as. */
  id: number
  /** The share of shingles in common, from the threshold to 1. */
  similarity: number
}

/** Texts with the same band that are looked at, and texts that are compared exactly, for each text. */
const [mostShared, mostCompared] = [100, 50]

export class NearIndex {
  /** Texts that were like too many others to compare them with all. */
  crowded = 0
  private readonly shingler: Shingler
  private readonly minHash: MinHash
  private readonly threshold: number
  private readonly texts: (Shingled & { id: number })[] = []
  /** For each band a table of chains: the newest text of each place, the one before each text, and each text's hash. */
  private readonly tableSize: number
  private readonly newest: Int32Array
  private readonly before: Int32Array
  private readonly hashes: Int32Array
  private readonly wanted: Int32Array

  constructor({ size, hashes, threshold }: NearSettings, capacity: number) {
    this.shingler = new Shingler(size)
    this.minHash = new MinHash(threshold, hashes)
    this.threshold = threshold
    const { bands } = this.minHash
    this.tableSize = 2 ** Math.ceil(Math.log2(Math.max(2, capacity)))
    this.newest = new Int32Array(bands * this.tableSize).fill(-1)
    this.before = new Int32Array(bands * capacity)
    this.hashes = new Int32Array(bands * capacity)
    this.wanted = new Int32Array(bands)
  }

  /** A text that was added and is as alike as the threshold asks; the most alike ones are tried first. A text without words is like none. */
  find(text: string): Near | undefined {
    return this.findShingled(this.shingler.read(text))
  }

  /** Adds the text, unless there is one like it: then gives that one. */
  findOrAdd(text: string, id: number): Near | undefined {
    const shingled = this.shingler.read(text)
    const found = this.findShingled(shingled)
    if (!found && shingled.hashes.length) this.insert(shingled, id)
    return found
  }

  add(text: string, id: number): void {
    const shingled = this.shingler.read(text)
    if (!shingled.hashes.length) return
    this.minHash.bandHashes(shingled.hashes, this.wanted)
    this.insert(shingled, id)
  }

  private findShingled(shingled: Shingled): Near | undefined {
    if (!shingled.hashes.length) return undefined
    this.minHash.bandHashes(shingled.hashes, this.wanted)
    const candidates = this.candidates()
    if (!candidates.length) return undefined
    const set = this.shingler.setOf(shingled)
    for (const index of candidates) {
      const similarity = jaccard(set, this.shingler.setOf(this.texts[index]))
      if (similarity >= this.threshold) return { id: this.texts[index].id, similarity }
    }
    return undefined
  }

  /** Texts that share a band with the wanted hashes, those with the most bands first. */
  private candidates(): number[] {
    const shared = new Map<number, number>()
    let isCrowded = false
    for (const [band, hash] of this.wanted.entries()) {
      const from = band * (this.before.length / this.wanted.length)
      let count = 0
      for (let i = this.newest[this.placeOf(band, hash)]; i >= 0; i = this.before[from + i]) {
        if (this.hashes[from + i] !== hash) continue
        if (count++ >= mostShared) isCrowded = true
        if (count > mostShared) break
        shared.set(i, (shared.get(i) ?? 0) + 1)
      }
    }
    if (isCrowded || shared.size > mostCompared) this.crowded++
    return [...shared]
      .sort(([a, inA], [b, inB]) => inB - inA || a - b)
      .slice(0, mostCompared)
      .map(([index]) => index)
  }

  private placeOf(band: number, hash: number): number {
    return band * this.tableSize + (hash & (this.tableSize - 1))
  }

  /** Adds a text whose hashes are the wanted ones. */
  private insert(shingled: Shingled, id: number): void {
    const index = this.texts.push({ ...shingled, id }) - 1
    for (const [band, hash] of this.wanted.entries()) {
      const from = band * (this.before.length / this.wanted.length)
      const place = this.placeOf(band, hash)
      this.hashes[from + index] = hash
      this.before[from + index] = this.newest[place]
      this.newest[place] = index
    }
  }
}

/** Notes how many rows were like too many others. */
export function crowdedNote(tally: Tally, crowded: number): void {
  if (crowded === 1)
    tally.note(say`${crowded} row has a band in common with very many others; it was compared with the ${mostCompared} likeliest.`)
  else if (crowded)
    tally.note(say`${crowded} rows have a band in common with very many others; each was compared with the ${mostCompared} likeliest.`)
}
