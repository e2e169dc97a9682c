// Reads files and folders in Node as sources of bytes, and writes results to files.
import { open, readdir, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { createReadStream } from 'node:fs'
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { DataSource } from '../data/data-source'
import { partNames } from '../formats/gguf-parts'
import { templatesFolder } from '../formats/hf-model'
import type { ByteSource } from '../formats/source'
import { makeFolder } from './make-folder'

async function fileSource(path: string, name: string): Promise<ByteSource> {
  const sizeBytes = (await stat(path)).size
  return {
    name,
    sizeBytes,
    async read(offset, length) {
      const handle = await open(path)
      try {
        const bytes = new Uint8Array(length)
        const { bytesRead } = await handle.read(bytes, 0, length, offset)
        if (bytesRead !== length)
          throw new FormatError(
            say`${name}: expected ${length} bytes at ${offset}, got ${bytesRead}. The file is incomplete; download it again.`,
          )
        return bytes
      } finally {
        await handle.close()
      }
    },
  }
}

async function kindOf(path: string): Promise<'file' | 'folder'> {
  const found = await stat(path).catch(() => undefined)
  if (!found) throw new FormatError(say`${path}: there is no such file or folder. Check the path.`)
  return found.isDirectory() ? 'folder' : 'file'
}

/** @throws FormatError if the link leads nowhere; the locks of editors do, and their names begin with a dot */
async function leadsToFile(link: string): Promise<boolean> {
  const found = await stat(link).catch(() => undefined)
  if (!found && !basename(link).startsWith('.'))
    throw new FormatError(say`${link}: expected a file, got a link that leads nowhere. Download the file again, or delete the link.`)
  return found?.isFile() ?? false
}

/**
 * A file (of a GGUF model in parts, also the other parts beside it), or the files directly in a folder (of a model, also its further chat templates).
 * Links to files are files: a snapshot in Hugging Face's cache has nothing else. @throws FormatError if the path does not exist, or a link leads nowhere
 */
export async function sourcesAt(path: string): Promise<ByteSource[]> {
  if ((await kindOf(path)) === 'file') {
    const beside = new Set(await readdir(dirname(path)))
    const parts = partNames(basename(path)).filter((name) => beside.has(name))
    return Promise.all((parts.length ? parts : [basename(path)]).map((name) => fileSource(join(dirname(path), name), name)))
  }
  const names: string[] = []
  for (const entry of await readdir(path, { withFileTypes: true }))
    if (entry.isFile() || (entry.isSymbolicLink() && (await leadsToFile(join(path, entry.name))))) names.push(entry.name)
  const folder = basename(resolve(path))
  const more = names.includes('config.json') ? await readdir(join(path, templatesFolder)).catch(() => []) : []
  const all = [...names.sort(), ...more.filter((name) => name.endsWith('.jinja')).map((name) => templatesFolder + name)]
  return Promise.all(all.map((name) => fileSource(join(path, name), `${folder}/${name}`)))
}

/** The path of a dataset file, or the paths of all files in a folder that hold rows. Files of text are read only by name. */
export async function dataFiles(path: string): Promise<string[]> {
  if ((await kindOf(path)) === 'file') return [path]
  const names = (await readdir(path)).filter((name) => /\.(jsonl?|csv|tsv|parquet)(\.gz)?$/.test(name))
  if (!names.length)
    throw new FormatError(
      say`${path}: expected .jsonl, .json, .csv, .tsv or .parquet files in the folder, got none. Name a folder with such files.`,
    )
  return names.sort().map((name) => join(path, name))
}

/** A dataset file as a stream. */
export async function dataSource(path: string): Promise<DataSource> {
  if ((await kindOf(path)) === 'folder') throw new FormatError(say`${path}: expected a file of rows, got a folder. Name one file.`)
  return {
    name: basename(path),
    sizeBytes: (await stat(path)).size,
    stream: () => createReadStream(path) as AsyncIterable<Uint8Array>,
    async read(at, sizeBytes) {
      const handle = await open(path)
      try {
        const bytes = new Uint8Array(sizeBytes)
        return bytes.subarray(0, (await handle.read(bytes, 0, sizeBytes, at)).bytesRead)
      } finally {
        await handle.close()
      }
    },
  }
}

export async function writeOne(path: string, bytes: Uint8Array): Promise<void> {
  await makeFolder(dirname(path))
  await writeFile(path, bytes)
}
