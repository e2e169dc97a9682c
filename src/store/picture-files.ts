// Finds a set of pictures among files that were opened: a folder of folders, a zip of one, or a table with its pictures.
import { say } from '../config/phrase'
import { FormatError } from '../config/errors'
import { type Bundle, bundleFile, bundleOf } from '../pictures/bundle'
import type { FoundSet } from '../pictures/jobs'
import { type PictureFile, type PictureSet, folderSet, isPicturePath } from '../pictures/picture-set'
import { slicedFile } from '../pictures/sliced-file'
import { zipFiles } from '../pictures/zip-files'
import type { PickedFile } from '../worker/api'
import type { DoJob } from '../worker/picture-pool'

/** A set among files, the files beside it, and pictures without a class. */
interface FoundPictures {
  bundle?: Bundle
  /** Pictures in no folder. */
  loose: PickedFile[]
  rest: PickedFile[]
}

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/') + 1))
const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
const tables = /\.(jsonl|ndjson|json|csv|tsv|parquet)$/i
/** As much of a table as is read for the names of its columns. */
const headBytes = 4096

/** Whether a table has a column with paths of pictures. */
async function namesPictures({ path, file }: PickedFile): Promise<boolean> {
  if (!tables.test(path)) return false
  const head = await file.slice(0, headBytes).text()
  if (/\.(csv|tsv)$/i.test(path)) return /(^|[,;\t"])(image|file_name)(["]?[,;\t]|["]?$)/.test(head.split(/\r?\n/)[0])
  // The columns of a Parquet file are named at its end.
  return /"(image|file_name)"\s*:/.test(head) || head.startsWith('PAR1')
}

/** Whether a zip has pictures, and neither a model nor an adapter. */
async function isPictureZip({ path, file }: PickedFile): Promise<boolean> {
  if (!/\.zip$/i.test(path) || (await file.slice(0, 2).text()) !== 'PK') return false
  const paths = (await zipFiles(path, file).catch(() => [])).map((one) => one.path)
  return paths.some(isPicturePath) && !paths.some((one) => ['config.json', 'adapter_config.json'].includes(nameOf(one)))
}

const listed = ({ path, file }: PickedFile): PictureFile => slicedFile(path, file)

/** The bundle of a set that a worker found, with the files of its paths. */
function foundBundle(name: string, { entries, ...about }: FoundSet, blobOf: (path: string) => Blob | undefined, zip?: Blob): Bundle {
  const file = (path: string, sizeBytes: number): PictureFile => ({ ...slicedFile(path, new Blob()), sizeBytes })
  const set: PictureSet = {
    ...about,
    name,
    entries: entries.map(({ path, sizeBytes, label, part }) => ({ file: file(path, sizeBytes), label, ...(part && { part }) })),
  }
  return bundleOf(set, blobOf, zip)
}

/** The folder that all files are in, as a name. */
function commonName(files: readonly PickedFile[]): string {
  const [first] = files[0].path.split('/')
  return files.every(({ path }) => path.startsWith(`${first}/`)) ? first : 'pictures'
}

/** @throws FormatError if the pictures or their table cannot be read */
export async function findPictures(files: readonly PickedFile[], run: DoJob): Promise<FoundPictures> {
  // A model or an adapter may have pictures beside it that show what it does.
  const others = new Set(files.filter(({ path }) => /(^|\/)(adapter_)?config\.json$/.test(path)).map(({ path }) => folderOf(path)))
  const isOther = ({ path }: PickedFile): boolean => [...others].some((folder) => folder !== '' && path.startsWith(folder))
  const pictures = files.filter((one) => isPicturePath(one.path) && !isOther(one))
  const rest = files.filter((one) => !pictures.includes(one))
  if (pictures.length) {
    for (const table of rest) {
      if (isOther(table) || !(await namesPictures(table))) continue
      const folder = folderOf(table.path)
      const inFolder = new Map(pictures.flatMap(({ path, file }) => (path.startsWith(folder) ? [[path.slice(folder.length), file]] : [])))
      const found = await run('table', { table: table.file, paths: [...inFolder.keys()] })
      const bundle = foundBundle(nameOf(table.path), found, (path) => inFolder.get(path))
      return { bundle, loose: [], rest: rest.filter((one) => one !== table) }
    }
    const loose = pictures.filter(({ path }) => !path.includes('/'))
    if (loose.length === pictures.length) return { loose, rest }
    const blobs = new Map(pictures.map(({ path, file }) => [path, file]))
    const set = folderSet(commonName(pictures), [...pictures, ...rest.filter((one) => !isOther(one) && !tables.test(one.path))].map(listed))
    return { bundle: bundleOf(set, (path) => blobs.get(path)), loose, rest: rest.filter((one) => isOther(one) || tables.test(one.path)) }
  }
  for (const zip of rest) {
    if (!(await isPictureZip(zip))) continue
    const found = await run('zip', { name: nameOf(zip.path), zip: zip.file })
    const name = nameOf(zip.path).replace(/\.zip$/i, '')
    return { bundle: foundBundle(name, found, () => undefined, zip.file), loose: [], rest: rest.filter((one) => one !== zip) }
  }
  return { loose: [], rest }
}

/** A bundle as a file that is opened like any other data. */
export const pickedBundle = (bundle: Bundle): PickedFile => ({ path: bundle.name, file: bundleFile(bundle) })

/** The error for pictures that have no class and no set to go into. */
export const looseError = (loose: readonly PickedFile[]): FormatError =>
  new FormatError(
    say`${nameOf(loose[0].path)}: expected a folder around the picture that names its class, got none. Drop a folder with a folder of pictures for each class.`,
  )
