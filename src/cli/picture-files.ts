// Opens sets of pictures in Node: a folder of folders, a zip of one, or a table (JSONL, CSV) with paths beside it.
import { open, readFile, readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import { processorNames, processorOfText } from '../decode/model-processor'
import { readJson } from '../export/adapter'
import { type PictureFile, type PictureSet, folderSet, mostPictures } from '../pictures/picture-set'
import { type Processor, standardProcessor } from '../pictures/processor'
import { slicedFile } from '../pictures/sliced-file'
import { type ClassNames, parseClasses, tableSet } from '../pictures/table-set'
import { zipFiles } from '../pictures/zip-files'
import { hasClasses } from '../formats/new-classes'
import { isObject } from '../formats/json-check'
import type { ByteSource } from '../formats/source'
import { ownName } from '../peft/adapter-folder'
import type { ZipBytes } from '../storage/zip-source'
import { dataSource, sourcesAt } from './files'
import type { Options } from './options'
import { tell } from './tell'

/** A file as bytes of which parts can be read. */
async function diskBytes(path: string, name: string): Promise<ZipBytes> {
  const { size } = await stat(path)
  const read = async (from: number, to: number): Promise<ArrayBuffer> => {
    const handle = await open(path)
    try {
      const bytes = new Uint8Array(Math.max(0, Math.min(to, size) - from))
      await handle.read(bytes, 0, bytes.length, from)
      return bytes.buffer
    } finally {
      await handle.close()
    }
  }
  const refuse = (error: NodeJS.ErrnoException): never => {
    throw new FormatError(say`${name}: expected a file that can be read, got ${error.code ?? error.message}. Check the file and try again.`)
  }
  return { size, slice: (from, to) => ({ arrayBuffer: () => read(from, to).catch(refuse) }) }
}

/** A picture on disk, which is called `name`. */
const pictureFile = async (path: string, name = path): Promise<PictureFile> => slicedFile(name, await diskBytes(path, name))

/** A single picture. @throws FormatError if there is no such file */
export async function pictureAt(path: string): Promise<PictureFile> {
  const found = await stat(path).catch(() => undefined)
  if (!found?.isFile()) throw new FormatError(say`--image: expected a picture, got ${path}. Check the path.`)
  return pictureFile(path)
}

/** All files under a folder. Links are left out, since they may lead out of it, and a sentence says so. */
async function filesUnder(folder: string): Promise<PictureFile[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const links = entries.filter((entry) => entry.isSymbolicLink())
  if (links.length)
    tell([
      `${folder}: links are not followed, since they may lead out of the folder (${links.length}; the first: ${links[0].name}). Copy the files to train on them.`,
    ])
  if (paths.length > mostPictures)
    throw new FormatError(say`${folder}: expected at most ${mostPictures} files, got ${paths.length}. Take a part of them.`)
  return Promise.all(paths.map((path) => pictureFile(path, relative(folder, path).split(sep).join('/'))))
}

/** Finds a file by its path from a folder, and refuses one that a link leads out of it. */
function finder(folder: string): (path: string) => Promise<PictureFile | undefined> {
  return async (path) => {
    const full = join(folder, path)
    const found = await stat(full).catch(() => undefined)
    if (!found?.isFile()) return undefined
    const inside = relative(await realpath(folder), await realpath(full))
    if (inside.startsWith('..') || resolve(inside) === inside) return undefined
    return pictureFile(full, path)
  }
}

/** The set of a folder, a zip or a table. @throws FormatError if there is no such path, or it has no pictures */
export async function picturesAt(path: string, named?: readonly string[]): Promise<PictureSet> {
  const found = await stat(path).catch(() => undefined)
  if (!found) throw new FormatError(say`${path}: there is no such file or folder. Check the path.`)
  const name = basename(resolve(path))
  if (found.isDirectory()) return folderSet(name, await filesUnder(path), named)
  if (/\.zip$/i.test(path)) return folderSet(name, await zipFiles(name, await diskBytes(path, name)), named)
  return tableSet(await dataSource(path), finder(dirname(resolve(path))), named)
}

async function textAt(option: string, path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => {
    throw new FormatError(say`--${option}: expected a file that can be read, got ${path}. Check the path.`)
  })
}

/** The class names of --classes. */
export const classesAt = async (path: string): Promise<ClassNames> => parseClasses(basename(path), await textAt('classes', path))

/** The classes that an adapter was trained for, as tabtune.json in its folder says; undefined if it does not. @throws FormatError */
async function classesOfAdapter(files: readonly ByteSource[]): Promise<readonly string[] | undefined> {
  const own = files.find((one) => basename(one.name) === ownName)
  const classes = own && (await readJson(own)).classes
  return classes === undefined ? undefined : parseClasses(own!.name, JSON.stringify(classes)).names
}

/** What an adapter for a model that compares pictures with texts was trained for: its classes, and its templates. @throws FormatError */
export async function textsOfAdapter(
  files: readonly ByteSource[],
): Promise<{ classes?: ClassNames; templates?: readonly string[] } | undefined> {
  const own = files.find((one) => basename(one.name) === ownName)
  if (!own) return undefined
  const { classes, texts } = await readJson(own)
  const { ids, templates } = isObject(texts) ? texts : {}
  const named = ids ?? classes
  return {
    ...(named !== undefined && { classes: parseClasses(own.name, JSON.stringify(named)) }),
    ...(Array.isArray(templates) && { templates: templates.map(String) }),
  }
}

/**
 * The classes that --classes names, or else those that the adapter was trained for, if they are others than `classes`, the model's.
 * `trained`: the adapter is for them. @throws FormatError if --classes names others than the adapter's
 */
export async function classesFor(options: Options, classes: readonly string[]): Promise<{ names?: readonly string[]; trained: boolean }> {
  const path = options.text('classes')
  const given = path === undefined ? undefined : (await classesAt(path)).names
  const folder = options.text('adapter') ?? options.text('init')
  const own = folder === undefined ? undefined : await classesOfAdapter(await sourcesAt(folder))
  if (!own) return { names: given, trained: false }
  if (given && !hasClasses(own, given))
    throw new FormatError(
      say`--classes: expected the classes of the adapter (${own.slice(0, 20).join(', ')}), got ${given.slice(0, 20).join(', ')}. Leave the option out.`,
    )
  return { names: given ?? (hasClasses(own, classes) ? undefined : own), trained: true }
}

/** The processor of --preprocessor, a file or the folder of a model; that of ViT without one. */
export async function processorAt(path: string | undefined): Promise<Processor> {
  if (path === undefined) return standardProcessor('ViT')
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() ?? false
  const beside = isFolder ? new Set(await readdir(path)) : undefined
  const file = beside ? join(path, processorNames.find((name) => beside.has(name)) ?? processorNames[0]) : path
  return processorOfText(basename(file), await textAt('preprocessor', file))
}
