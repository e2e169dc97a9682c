// Folders that commands write to. What a command reads is never overwritten, and a file has its name only when it is whole.
import { open, realpath, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { FormatError, messageOf } from '../config/errors'
import { say } from '../config/phrase'
import { makeFolder } from './make-folder'

interface OutFile {
  path: string
  bytes?: Uint8Array
  chunks?(): AsyncIterable<Uint8Array>
}

/**
 * Creates the folder `out`, and returns the outermost folder that was not there before. `inputs` are the paths of models and adapters,
 * `written` the names of the files if they are known. `option` names the folder.
 * @throws FormatError if it cannot be created or written to, or it is a folder of the inputs, or a file of them would be overwritten
 */
export async function outFolder(
  out: string,
  inputs: readonly string[],
  written: readonly string[] = [],
  option = 'out',
): Promise<string | undefined> {
  const created = await makeFolder(out).catch((error: NodeJS.ErrnoException) => {
    throw new FormatError(
      say`--${option}: expected a folder that can be created, got ${out} (${error.code ?? error.message}). Choose another one.`,
    )
  })
  try {
    await refuseInputs(out, inputs, written)
    await tryToWrite(out, option)
  } catch (error) {
    await dropEmpty(out, created)
    throw error
  }
  return created
}

async function tryToWrite(out: string, option: string): Promise<void> {
  const trial = join(out, `.tabtune-${process.pid}`)
  try {
    await writeFile(trial, 'x')
    await rm(trial)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new FormatError(
      say`--${option}: expected a folder in which files can be written, got ${out} (${code ?? message}). Choose another one, or change its rights.`,
    )
  }
}

/** Removes the folders from `out` to `created` that are empty. */
async function dropEmpty(out: string, created: string | undefined): Promise<void> {
  for (let at = resolve(out); created !== undefined && at.length >= resolve(created).length; at = dirname(at))
    await rmdir(at).catch(() => undefined)
}

/**
 * Does `work` when the folder `out` is there and can be written to, so that a wrong place is told before the work. If nothing is written,
 * no folder is left. @throws FormatError as `outFolder`, and what `work` throws
 */
export async function inFolder<T>(out: string, inputs: readonly string[], work: () => Promise<T>, option?: string): Promise<T> {
  const created = await outFolder(out, inputs, [], option)
  try {
    return await work()
  } catch (error) {
    await dropEmpty(out, created)
    throw error
  }
}

/** Writes the files that `make` makes into the folder `out`, as `inFolder`. @throws FormatError as `inFolder` and `writeWhole` */
export const writeInto = <F extends OutFile>(
  out: string,
  inputs: readonly string[],
  make: () => Promise<readonly F[]>,
): Promise<readonly F[]> =>
  inFolder(out, inputs, async () => {
    const files = await make()
    const names = files.map(({ path }) => path)
    await refuseInputs(out, inputs, names)
    await writeWhole(out, files)
    return files
  })

/**
 * Makes sure, before the work, that the file of an option can be written at its end.
 * @throws FormatError if its folder cannot be created, or it cannot be opened
 */
export async function checkFile(option: string, path: string | undefined): Promise<void> {
  if (path === undefined) return
  try {
    const created = await makeFolder(dirname(path))
    const isNew = !(await stat(path).catch(() => undefined))
    await (await open(path, 'a')).close()
    if (isNew) await rm(path)
    await dropEmpty(dirname(path), created)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new FormatError(say`--${option}: expected a file that can be written, got ${path} (${code ?? message}). Choose another one.`)
  }
}

/** As `outFolder`, but creates nothing. A folder that does not exist yet is no folder of the inputs. */
async function refuseInputs(out: string, inputs: readonly string[], written: readonly string[] = []): Promise<void> {
  const folder = await realpath(out).catch(() => undefined)
  if (folder === undefined) return
  for (const input of inputs) {
    const path = await realpath(input).catch(() => undefined)
    if (path === undefined) continue
    const isFolder = (await stat(path)).isDirectory()
    if (isFolder ? path === folder : dirname(path) === folder && written.includes(basename(path)))
      throw new FormatError(say`--out: expected another folder than ${input}, which would be overwritten. Choose another one.`)
  }
}

/** Writes files into a folder. A file is written beside its place and then renamed. */
export async function writeWhole(folder: string, files: readonly OutFile[]): Promise<void> {
  for (const { path, bytes, chunks } of files) {
    const place = join(folder, path)
    const part = `${place}.part`
    try {
      await makeFolder(dirname(place))
      const handle = await open(part, 'w')
      try {
        if (bytes) await handle.writeFile(bytes)
        else for await (const chunk of chunks!()) await handle.writeFile(chunk)
      } finally {
        await handle.close()
      }
      await rename(part, place)
    } catch (error) {
      await rm(part, { force: true }).catch(() => undefined)
      if (error instanceof Error && 'code' in error)
        throw new FormatError(say`${place}: expected a file that can be written, got ${messageOf(error)}. Check the disk and the folder.`)
      throw error
    }
  }
}
