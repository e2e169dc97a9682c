// A set of pictures as one file: what the page hands to the engine and keeps in the browser. Its parts are the picture files as they are,
// by reference, so making one reads none of them. Layout: 16 letters, the length of the list (uint32, little endian), the list in JSON, then
// a zip if there is one, then the bytes of the pictures in the order of the list.
import { FormatError } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import type { PictureEntry, PictureFile, PictureSet, Refused } from './picture-set'
import { slicedFile } from './sliced-file'
import { zipFiles } from './zip-files'

const magic = 'tabtune pictures'
const headBytes = magic.length + 4
/** The list of a set with as many pictures as are read is much shorter. */
const mostListBytes = 2 ** 27

/** A picture of a bundle. */
export interface BundledPicture {
  /** Unique in its set. */
  path: string
  /** The number of its class. */
  label: number
  part?: PictureEntry['part']
  sizeBytes: number
  /** Its file; absent = it is in the zip under its path. */
  blob?: Blob
}

export interface Bundle {
  /** Of the set when it was opened. It stays when pictures are moved, added or removed. */
  id: string
  name: string
  classes: readonly string[]
  pictures: readonly BundledPicture[]
  /** Holds the pictures without a `blob`. */
  zip?: Blob
  /** What had no place in the set when it was opened. */
  refused: readonly Refused[]
  otherFiles: number
}

interface List extends Omit<Bundle, 'pictures' | 'zip'> {
  zipBytes?: number
  pictures: (Omit<BundledPicture, 'blob'> & { inZip?: boolean })[]
}

/** The bundle as one file. Nothing is read. */
export function bundleFile({ zip, pictures, ...about }: Bundle): File {
  const list: List = {
    ...about,
    ...(zip && { zipBytes: zip.size }),
    pictures: pictures.map(({ blob, ...one }) => (blob ? one : { ...one, inZip: true })),
  }
  const text = new TextEncoder().encode(JSON.stringify(list))
  const length = new DataView(new ArrayBuffer(4))
  length.setUint32(0, text.length, true)
  const parts = [magic, length.buffer, text, ...(zip ? [zip] : []), ...pictures.flatMap(({ blob }) => blob ?? [])]
  return new File(parts, about.name, { type: 'application/octet-stream' })
}

/** Whether a file is a bundle, by its first bytes. */
export async function isBundle(file: Blob): Promise<boolean> {
  return file.size >= headBytes && (await file.slice(0, magic.length).text()) === magic
}

const isSize = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0

/** Whether a list is one that `bundleFile` wrote, as far as the rest relies on it. */
function isList(value: unknown): value is List {
  const { id, name, classes, pictures, refused, zipBytes = 0 } = (value ?? {}) as Partial<List>
  if (
    typeof id !== 'string' ||
    typeof name !== 'string' ||
    !Array.isArray(classes) ||
    !Array.isArray(pictures) ||
    !Array.isArray(refused) ||
    !isSize(zipBytes)
  )
    return false
  return pictures.every(
    ({ path, label, sizeBytes }: BundledPicture) =>
      typeof path === 'string' && isSize(label) && label < classes.length && isSize(sizeBytes),
  )
}

/** Reads the list of a bundle, and no picture. @throws FormatError if the file was cut off or changed */
export async function openBundle(file: File): Promise<Bundle> {
  const wrong = (got: Phrase): FormatError =>
    new FormatError(say`${file.name}: expected a whole set of pictures, got ${got}. Open the pictures again.`)
  const length = new DataView(await file.slice(magic.length, headBytes).arrayBuffer()).getUint32(0, true)
  if (length > mostListBytes || headBytes + length > file.size) throw wrong(say`one that was cut off`)
  const text = await file.slice(headBytes, headBytes + length).text()
  const list: unknown = await Promise.resolve(text)
    .then(JSON.parse)
    .catch(() => undefined)
  if (!isList(list)) throw wrong(say`a list that cannot be read`)
  const { zipBytes = 0, pictures, ...about } = list
  let at = headBytes + length + zipBytes
  const found = pictures.map(({ inZip, ...one }): BundledPicture => {
    if (inZip) return one
    at += one.sizeBytes
    return { ...one, blob: file.slice(at - one.sizeBytes, at) }
  })
  if (at !== file.size) throw wrong(say`${file.size} bytes instead of ${at}`)
  const zip = zipBytes ? file.slice(headBytes + length, headBytes + length + zipBytes) : undefined
  return { ...about, pictures: found, ...(zip && { zip }) }
}

/** The bundle of a set. `blobOf`: the file of a picture; absent for one in `zip`. */
export function bundleOf(set: PictureSet, blobOf: (path: string) => Blob | undefined, zip?: Blob): Bundle {
  const { name, classes, refused, otherFiles } = set
  const pictures = new Map<string, BundledPicture>()
  const again: Refused[] = []
  for (const { file, label, part } of set.entries) {
    const { path } = file
    const blob = blobOf(path)
    if (pictures.has(path))
      again.push({
        where: path,
        problem: say`expected each picture in one row, got it again with the class ${classes[label]}. Its first row counts.`,
      })
    else pictures.set(path, { path, label, ...(part && { part }), sizeBytes: blob?.size ?? file.sizeBytes, ...(blob && { blob }) })
  }
  return {
    id: crypto.randomUUID(),
    name,
    classes,
    pictures: [...pictures.values()],
    refused: [...refused, ...again],
    otherFiles,
    ...(zip && { zip }),
  }
}

/** Finds files of a zip by their paths. Its list is read once. */
export function zipFinder(zip: Blob): (path: string) => Promise<PictureFile> {
  let files: Promise<Map<string, PictureFile>> | undefined
  return async (path) => {
    files ??= zipFiles('zip', zip).then((all) => new Map(all.map((file) => [file.path, file])))
    const file = (await files).get(path)
    if (!file) throw new FormatError(say`${path}: expected a file in the zip, got none. Open the zip again.`)
    return file
  }
}

/** The set that a bundle holds. A picture is read when it is asked for. */
export function setOfBundle({ zip, pictures, ...about }: Bundle): PictureSet {
  const find = zip && zipFinder(zip)
  const fileOf = ({ path, sizeBytes, blob }: BundledPicture): PictureFile =>
    blob
      ? slicedFile(path, blob)
      : { path, sizeBytes, bytes: async () => (await find!(path)).bytes(), mark: async () => (await find!(path)).mark() }
  return { ...about, entries: pictures.map((one) => ({ file: fileOf(one), label: one.label, ...(one.part && { part: one.part }) })) }
}
