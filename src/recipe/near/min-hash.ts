// MinHash (Broder: On the resemblance and containment of documents, 1997): the smallest hash of a set under many hash functions. Two sets
// have the same smallest hash with a probability that is their similarity. Bands of several such hashes are compared at once, so that only
// texts that are likely to be alike are compared exactly (Leskovec, Rajaraman, Ullman: Mining of Massive Datasets, 3.4).
import { seededRandom } from '../../data/random'

/** How likely two texts that are just similar enough may share no band. */
const mostMissed = 1e-4

/** The number of hashes in a band: as many as possible while few texts at the threshold are missed. */
function bandLength(threshold: number, hashes: number): number {
  let length = 1
  while (length < hashes && missed(threshold, length + 1, hashes) <= mostMissed) length++
  return length
}

const missed = (threshold: number, length: number, hashes: number): number => (1 - threshold ** length) ** Math.floor(hashes / length)

export class MinHash {
  readonly bands: number
  private readonly length: number
  private readonly seeds: Int32Array
  private readonly smallest: Int32Array

  constructor(threshold: number, hashes: number) {
    this.length = bandLength(threshold, hashes)
    this.bands = Math.floor(hashes / this.length)
    const random = seededRandom(1)
    this.seeds = Int32Array.from({ length: this.bands * this.length }, () => random() * 2 ** 32)
    this.smallest = new Int32Array(this.seeds.length)
  }

  /** Writes a hash for each band of a set to `out`. */
  bandHashes(set: Int32Array, out: Int32Array): void {
    const { seeds, smallest, length } = this
    for (let i = 0; i < seeds.length; i++) {
      const seed = seeds[i]
      let least = 0x7fffffff
      for (let j = 0; j < set.length; j++) {
        let hash = Math.imul(set[j] ^ seed, 0x85ebca6b)
        hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
        if (hash < least) least = hash
      }
      smallest[i] = least
    }
    for (let band = 0; band < this.bands; band++) {
      let hash = band
      for (let i = band * length; i < (band + 1) * length; i++) hash = Math.imul((hash << 7) ^ (hash >>> 25) ^ smallest[i], 0x9e3779b1)
      out[band] = hash ^ (hash >>> 16)
    }
  }
}
