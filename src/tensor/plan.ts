// The memory plan: gives the tensors of a recorded list of launches their places in one arena. It needs no device, so the exact peak is
// known before anything is allocated.
import { DeviceError } from '../config/errors'
import { say } from '../config/phrase'
import type { Launch } from './recorder'
import { type ArenaSpace, align } from './tensor'

export interface ArenaPlan {
  /** Bytes of each chunk of the arena. There are several chunks only if the device limits the size of a buffer. */
  chunkBytes: number[]
}

interface Life {
  space: ArenaSpace
  sizeBytes: number
  first: number
  last: number
}

function lives(launches: readonly Launch[]): Life[] {
  const found = new Map<ArenaSpace, Life>()
  launches.forEach((launch, at) => {
    for (const { space } of launch.tensors) {
      if (space.kind !== 'arena') continue
      const life = found.get(space)
      if (life) life.last = at
      else found.set(space, { space, sizeBytes: align(space.sizeBytes), first: at, last: at })
    }
  })
  return [...found.values()]
}

/** The lowest offset at which `life` overlaps no tensor that exists at the same time. `placed` is sorted by offset. */
function lowestGap(life: Life, placed: readonly Life[], maxChunkBytes: number): number {
  let offset = 0
  const fit = (at: number) => {
    const chunkEnd = (Math.floor(at / maxChunkBytes) + 1) * maxChunkBytes
    return at + life.sizeBytes <= chunkEnd ? at : chunkEnd
  }
  offset = fit(offset)
  for (const other of placed) {
    if (other.last < life.first || other.first > life.last) continue
    if (offset + life.sizeBytes <= other.space.offset) break
    offset = fit(Math.max(offset, other.space.offset + other.sizeBytes))
  }
  return offset
}

/**
 * Gives every arena tensor its place, the largest first, each at the lowest offset that is free during its lifetime
 * (greedy by size; Pisarchyk & Lee 2020, arXiv 2001.03288, section 5.2).
 */
export function planArena(launches: readonly Launch[], maxChunkBytes: number): ArenaPlan {
  const chunk = Math.floor(maxChunkBytes / 256) * 256
  const order = lives(launches).sort((a, b) => b.sizeBytes - a.sizeBytes || a.first - b.first)
  const placed: Life[] = []
  let end = 0
  for (const life of order) {
    if (life.sizeBytes > chunk)
      throw new DeviceError(
        say`graphics memory: expected tensors of at most ${chunk} bytes on this device, got one of ${life.sizeBytes}. Choose a smaller batch size or maximum length.`,
        ['batchSize', 'maxLength'],
      )
    life.space.offset = lowestGap(life, placed, chunk)
    end = Math.max(end, life.space.offset + life.sizeBytes)
    let at = placed.length
    while (at > 0 && placed[at - 1].space.offset > life.space.offset) at--
    placed.splice(at, 0, life)
  }
  const chunkBytes: number[] = []
  for (let start = 0; start < end; start += chunk) chunkBytes.push(Math.min(chunk, end - start))
  for (const { space } of placed) {
    space.chunk = Math.floor(space.offset / chunk)
    space.offset -= space.chunk * chunk
  }
  return { chunkBytes }
}
