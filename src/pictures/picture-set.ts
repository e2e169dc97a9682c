// A set of labelled pictures, and the set that a folder of folders makes: the name of a folder is the class of the pictures in it. Only
// paths, sizes and labels are held; a picture is read when it is needed.
import { FormatError } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import { shortText } from '../data/short-text'

/** A file of a folder or of a zip. */
export interface PictureFile {
  /** From the folder that was named, with forward slashes. */
  path: string
  sizeBytes: number
  bytes(): Promise<Uint8Array>
  /** A short text that is another one if the bytes are others. It is made without reading all of them. */
  mark(): Promise<string>
}

/** What a picture is for, where its folder says so. */
type Part = 'train' | 'eval'

export interface PictureEntry {
  file: PictureFile
  /** The number of its class. */
  label: number
  part?: Part
}

/** A picture, or a row of a table, that has no place in the set. */
export interface Refused {
  /** A path, or a line of a table. */
  where: string
  problem: Phrase
}

export interface PictureSet {
  name: string
  /** Names in the order of the numbers. */
  classes: readonly string[]
  entries: readonly PictureEntry[]
  refused: readonly Refused[]
  /** Files that are no pictures by their names. */
  otherFiles: number
}

/** Most pictures of a set. */
export const mostPictures = 200_000

/** Names of files that hold pictures, among them kinds that are refused by name later. */
const pictureNames = /\.(png|apng|jpe?g|jfif|webp|gif|bmp|tiff?|hei[cf]|avif|jxl)$/i

const parts: Readonly<Record<string, Part>> = {
  train: 'train',
  training: 'train',
  test: 'eval',
  val: 'eval',
  valid: 'eval',
  validation: 'eval',
  eval: 'eval',
  dev: 'eval',
}

/** The order of names in Python and torchvision: by code points. */
const inOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Whether a file is a picture of a set, by its path. */
export const isPicturePath = (path: string): boolean => pictureNames.test(path) && !isHidden(path)

/** Hidden files and what macOS adds to zips are no part of a set. */
const isHidden = (path: string): boolean => path.split('/').some((name) => name.startsWith('.') || name === '__MACOSX')

/** The paths without the folders that all of them share, as long as a folder is left over for the class. */
function withoutShared(paths: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const [first] = paths
  const shares = first && paths.every((names) => names.length >= 3 && names[0] === first[0])
  return shares ? withoutShared(paths.map((names) => names.slice(1))) : paths
}

const isPart = (name: string): boolean => Object.hasOwn(parts, name.toLowerCase())

/** The class and the part of each path; a class is absent for a picture outside folders. */
function placesOf(paths: readonly string[]): { folder?: string; part?: Part }[] {
  const names = withoutShared(paths.map((path) => path.split('/')))
  const inParts = names.length > 0 && names.every((one) => one.length >= 3 && isPart(one[0]))
  return names.map((one) => {
    const inside = inParts ? one.slice(1) : one
    return { ...(inside.length > 1 && { folder: inside[0] }), ...(inParts && { part: parts[one[0].toLowerCase()] }) }
  })
}

/**
 * The set of a folder's or a zip's files. Folders named train, test, val and the like around the folders of classes say what their pictures
 * are for. `named`: class names in the order of their numbers; absent = the folders' names in order. @throws FormatError without pictures
 */
export function folderSet(name: string, files: readonly PictureFile[], named?: readonly string[]): PictureSet {
  const seen = files.filter(({ path }) => !isHidden(path))
  const pictures = seen.filter(({ path }) => pictureNames.test(path)).sort((a, b) => inOrder(a.path, b.path))
  refuseMany(name, pictures.length)
  const places = placesOf(pictures.map(({ path }) => path))
  const classes = named ?? [...new Set(places.flatMap(({ folder }) => folder ?? []))].sort(inOrder)
  const numbers = new Map(classes.map((one, i) => [one, i]))
  const entries: PictureEntry[] = []
  const refused: Refused[] = []
  pictures.forEach((file, i) => {
    const { folder, part } = places[i]
    const label = folder === undefined ? undefined : numbers.get(folder)
    if (label !== undefined) entries.push({ file, label, ...(part && { part }) })
    else
      refused.push({
        where: file.path,
        problem:
          folder === undefined
            ? say`expected a folder around the picture that names its class, got none. Move the picture into one.`
            : say`expected one of the class names, got the folder ${shortText(folder)}. Correct the name, or name the classes with --classes.`,
      })
  })
  return checkedSet({ name, classes, entries, refused, otherFiles: seen.length - pictures.length })
}

/** @throws FormatError for a set that is too large */
export function refuseMany(name: string, count: number): void {
  if (count > mostPictures)
    throw new FormatError(say`${name}: expected at most ${mostPictures} pictures, got ${count}. Take a part of them.`)
}

/** @throws FormatError for a set without pictures */
export function checkedSet(set: PictureSet): PictureSet {
  if (set.entries.length) return set
  const [first] = set.refused
  throw new FormatError(
    first
      ? say`${set.name}: expected pictures with a class, got none. The first one, ${first.where}: ${first.problem}`
      : say`${set.name}: expected a folder with a folder of pictures (PNG, JPEG, WebP, GIF, BMP) for each class, got no pictures. Choose another folder.`,
  )
}
