// Looks at every picture of a set once: which are broken, tiny, the same file or look the same, and which of these are in both parts.
import { Cancelled, TabTuneError, phraseOf } from '../config/errors'
import { hex, sha256 } from '../config/sha256'
import type { Codecs } from './kinds/kind'
import { type Look, distance, lookOf } from './look'
import type { PictureSet, Refused } from './picture-set'
import { openPicture, readPicture } from './read-picture'

/** A picture whose shorter side has fewer pixels is tiny. */
export const tinySide = 16
/** Pairs that look the same are looked for until there are this many. */
export const mostAlike = 10_000
/** Bits of the look by which pictures that look the same may differ. */
export const sameLook = 8

/** What is found by looking at one picture. */
export interface PictureFacts {
  width: number
  height: number
  kind: string
  deepGrey: boolean
  /** SHA-256 of the file. */
  hash: string
  look?: Look
}

interface SurveyedPicture extends PictureFacts {
  /** Its place among the set's entries. */
  entry: number
}

/** Two pictures; `bits` is the distance of their looks, absent for the same file. */
export interface Pair {
  a: number
  b: number
  bits?: number
}

export interface Survey {
  pictures: SurveyedPicture[]
  broken: (Refused & { entry: number })[]
}

interface SurveyWatch {
  codecs: Codecs
  onProgress?(done: number, all: number): void
  signal?: AbortSignal
}

/** Decodes a picture and looks at it. @throws FormatError or UnsupportedError naming the file */
export async function factsOf(path: string, bytes: Uint8Array<ArrayBuffer>, codecs: Codecs): Promise<PictureFacts> {
  const { width, height, kind, deepGrey } = openPicture(path, bytes)
  const look = lookOf(await readPicture(path, bytes, codecs))
  return { width, height, kind, deepGrey, hash: hex(await sha256(bytes)), ...(look && { look }) }
}

/** Reads and decodes each picture. A broken one is a row of `broken`, and the rest is looked at all the same. @throws Cancelled */
export async function survey(set: PictureSet, { codecs, onProgress, signal }: SurveyWatch): Promise<Survey> {
  const pictures: SurveyedPicture[] = []
  const broken: Survey['broken'] = []
  for (const [entry, { file }] of set.entries.entries()) {
    if (signal?.aborted) throw new Cancelled()
    onProgress?.(entry, set.entries.length)
    try {
      pictures.push({ entry, ...(await factsOf(file.path, new Uint8Array(await file.bytes()), codecs)) })
    } catch (error) {
      if (!(error instanceof TabTuneError)) throw error
      broken.push({ entry, where: file.path, problem: phraseOf(error) })
    }
  }
  onProgress?.(set.entries.length, set.entries.length)
  return { pictures, broken }
}

/** Pairs of the same file: each picture with the first one that has its bytes. */
export function sameFiles(pictures: readonly SurveyedPicture[]): Pair[] {
  const first = new Map<string, number>()
  return pictures.flatMap(({ entry, hash }) => {
    const a = first.get(hash)
    if (a === undefined) first.set(hash, entry)
    return a === undefined ? [] : [{ a, b: entry }]
  })
}

/** Pairs of different files that look the same up to `most` bits; `limit` of them at most. */
export function similar(pictures: readonly SurveyedPicture[], most = sameLook, limit = mostAlike): Pair[] {
  const known = pictures.filter(({ look }) => look)
  const pairs: Pair[] = []
  for (let i = 0; i < known.length; i++)
    for (let j = i + 1; j < known.length && pairs.length < limit; j++) {
      if (known[i].hash === known[j].hash) continue
      const bits = distance(known[i].look!, known[j].look!, most)
      if (bits <= most) pairs.push({ a: known[i].entry, b: known[j].entry, bits })
    }
  return pairs
}
