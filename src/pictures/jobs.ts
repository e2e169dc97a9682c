// What a worker does with pictures for the page and for the engine: one job after another, each with plain data in and out. Files are read
// here, so their bytes pass through no other thread.
import { type ErrorReport, errorReport } from '../config/errors'
import { fileSource } from '../data/data-source'
import { type Bundle, type BundledPicture, zipFinder } from './bundle'
import type { Codecs } from './kinds/kind'
import { type PictureEntry, type PictureFile, type Refused, folderSet } from './picture-set'
import { fitted } from './preprocess'
import type { Processor } from './processor'
import { readPicture } from './read-picture'
import { type ChosenPictures, type PictureReport, pictureReport } from './report'
import { type PictureFacts, type Survey, factsOf } from './survey'
import { tableSet } from './table-set'
import { zipFiles } from './zip-files'

/** A picture file: itself, or the zip that it is in. */
interface JobFile {
  path: string
  blob?: Blob
  /** Zips with the same id have the same bytes. Each message has a Blob of its own for the same zip, so Blobs do not tell. */
  zip?: { id: string; blob: Blob }
}

/** A picture of a bundle, for a worker. */
export const jobFileOf = ({ id, zip }: Bundle, { path, blob }: BundledPicture): JobFile => ({
  path,
  ...(blob ? { blob } : zip && { zip: { id, blob: zip } }),
})

/** The sets of files that were opened, without the files. */
export interface FoundSet {
  classes: readonly string[]
  entries: { path: string; sizeBytes: number; label: number; part?: PictureEntry['part'] }[]
  refused: readonly Refused[]
  otherFiles: number
}

/** What each job takes and gives. */
export interface Jobs {
  /** The pictures of a zip, with a class for each folder. */
  zip: { in: { name: string; zip: Blob }; out: FoundSet }
  /** The pictures that a table names, among `paths` in its folder. */
  table: { in: { table: File; paths: readonly string[] }; out: FoundSet }
  /** What a picture is like. */
  facts: { in: JobFile; out: PictureFacts }
  /** A picture that fits into a square of `side`, as RGBA. */
  thumbnail: { in: JobFile & { side: number }; out: { width: number; height: number; rgba: Uint8ClampedArray<ArrayBuffer> } }
  /** A picture as a model sees it, in 8 bits [height, width, 3]. */
  fitted: { in: JobFile & { processor: Processor }; out: { width: number; height: number; rgb: Uint8Array } }
  /** What is to be said about a set whose pictures were looked at. */
  report: {
    in: { name: string; set: FoundSet; survey: Survey; chosen: ChosenPictures }
    out: PictureReport
  }
}
export type JobKind = keyof Jobs

export type JobRequest = { [Kind in JobKind]: { kind: Kind; id: number; input: Jobs[Kind]['in'] } }[JobKind]
export type JobReply = { id: number } & ({ value: Jobs[JobKind]['out'] } | { error: ErrorReport })

const found = ({ classes, entries, refused, otherFiles }: ReturnType<typeof folderSet>): FoundSet => ({
  classes,
  refused,
  otherFiles,
  entries: entries.map(({ file: { path, sizeBytes }, label, part }) => ({ path, sizeBytes, label, ...(part && { part }) })),
})

const unread = (path: string, sizeBytes = 0): PictureFile => ({
  path,
  sizeBytes,
  bytes: () => Promise.reject(new Error(`${path}: this picture is only listed`)),
  mark: async () => '',
})

/** A picture's pixels as RGBA, in a square of `side`. Small pictures keep their size. */
async function thumbnail(path: string, bytes: Uint8Array, side: number, codecs: Codecs): Promise<Jobs['thumbnail']['out']> {
  const picture = await readPicture(path, bytes, codecs)
  const scale = Math.min(1, side / Math.max(picture.width, picture.height))
  const size = { width: Math.max(1, Math.round(picture.width * scale)), height: Math.max(1, Math.round(picture.height * scale)) }
  const { rgb } = fitted(picture, { kind: 'thumbnail', resize: { target: size, resampling: 'bilinear' }, output: size })
  const rgba = new Uint8ClampedArray(size.width * size.height * 4).fill(255)
  for (let i = 0; i < size.width * size.height; i++) rgba.set(rgb.subarray(i * 3, i * 3 + 3), i * 4)
  return { ...size, rgba }
}

/** Does jobs. The list of the last zip is remembered. */
export function pictureJobs(codecs: Codecs): (request: JobRequest) => Promise<Jobs[JobKind]['out']> {
  let last: { id: string; find(path: string): Promise<PictureFile> } | undefined
  async function bytesOf({ path, blob, zip }: JobFile): Promise<Uint8Array<ArrayBuffer>> {
    if (blob) return new Uint8Array(await blob.arrayBuffer())
    if (zip && last?.id !== zip.id) last = { id: zip.id, find: zipFinder(zip.blob) }
    return new Uint8Array(await (await last!.find(path)).bytes())
  }
  return async ({ kind, input }) => {
    switch (kind) {
      case 'zip':
        return found(folderSet(input.name, await zipFiles(input.name, input.zip)))
      case 'table': {
        const paths = new Set(input.paths)
        return found(await tableSet(fileSource(input.table), async (path) => (paths.has(path) ? unread(path) : undefined)))
      }
      case 'facts':
        return factsOf(input.path, await bytesOf(input), codecs)
      case 'thumbnail':
        return thumbnail(input.path, await bytesOf(input), input.side, codecs)
      case 'fitted':
        return fitted(await readPicture(input.path, await bytesOf(input), codecs), input.processor)
      case 'report': {
        const { name, set, survey, chosen } = input
        const entries = set.entries.map(({ path, sizeBytes, label, part }) => ({ file: unread(path, sizeBytes), label, part }))
        return pictureReport({ ...set, name, entries }, survey, chosen)
      }
    }
  }
}

/** The worker's part: does what is asked for, and moves the pixels. */
export async function answerJob(
  request: JobRequest,
  work: ReturnType<typeof pictureJobs>,
  send: (reply: JobReply, buffers: ArrayBuffer[]) => void,
): Promise<void> {
  const { id } = request
  try {
    const value = await work(request)
    const pixels = 'rgba' in value ? value.rgba : 'rgb' in value ? value.rgb : undefined
    send({ id, value }, pixels ? [pixels.buffer as ArrayBuffer] : [])
  } catch (error) {
    send({ id, error: errorReport(error) }, [])
  }
}
