// Folders that commands write to. What a command reads is never overwritten, and a file has its name only when it is whole.
import { mkdir, open, realpath, rename, rm, rmdir, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { FormatError, messageOf } from '../config/errors'
import { say } from '../config/phrase'

interface OutFile {
  path: string
  bytes?: Uint8Array
  chunks?(): AsyncIterable<Uint8Array>
}

/**
 * Creates the folder `out`, and returns the outermost folder that was not there before. `inputs` are the paths of models and adapters,
 * `written` the names of the files if they are known.
 * @throws FormatError if it cannot be created, or it is a folder of the inputs, or a file of them would be overwritten
 */
export async function outFolder(out: string, inputs: readonly string[], written: readonly string[] = []): Promise<string | undefined> {
  const created = await mkdir(out, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw new FormatError(
      say`--out: expected a folder that can be created, got ${out} (${error.code ?? error.message}). Choose another one.`,
    )
  })
  await refuseInputs(out, inputs, written)
  return created
}

/**
 * Writes the files that `make` makes into the folder `out`, which is created before, so that a wrong place is told before the work. If
 * nothing is written, no folder is left. @throws FormatError as `outFolder` and `writeWhole`, and what `make` throws
 */
export async function writeInto<F extends OutFile>(
  out: string,
  inputs: readonly string[],
  make: () => Promise<readonly F[]>,
): Promise<readonly F[]> {
  const created = await outFolder(out, inputs)
  try {
    const files = await make()
    const names = files.map(({ path }) => path)
    await refuseInputs(out, inputs, names)
    await writeWhole(out, files)
    return files
  } catch (error) {
    for (let at = resolve(out); created !== undefined && at.length >= resolve(created).length; at = dirname(at))
      await rmdir(at).catch(() => undefined)
    throw error
  }
}

/** As `outFolder`, but creates nothing. A folder that does not exist yet is no folder of the inputs. */
export async function refuseInputs(out: string, inputs: readonly string[], written: readonly string[] = []): Promise<void> {
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

/** Writes files into a folder that exists. A file is written beside its place and then renamed. */
export async function writeWhole(folder: string, files: readonly OutFile[]): Promise<void> {
  for (const { path, bytes, chunks } of files) {
    const place = join(folder, path)
    const part = `${place}.part`
    await mkdir(dirname(place), { recursive: true })
    try {
      const handle = await open(part, 'w')
      try {
        if (bytes) await handle.writeFile(bytes)
        else for await (const chunk of chunks!()) await handle.writeFile(chunk)
      } finally {
        await handle.close()
      }
      await rename(part, place)
    } catch (error) {
      await rm(part, { force: true })
      if (error instanceof Error && 'code' in error)
        throw new FormatError(say`${place}: expected a file that can be written, got ${messageOf(error)}. Check the disk and the folder.`)
      throw error
    }
  }
}
