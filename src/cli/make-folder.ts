// Creates folders.
import { mkdir, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

/** Creates a folder and those around it, and returns the outermost one that was not there before. Node's own way never ends below /proc. */
export async function makeFolder(path: string): Promise<string | undefined> {
  const missing: string[] = []
  for (let at = resolve(path); ; at = dirname(at)) {
    const found = await stat(at).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
    if (found && !found.isDirectory()) throw Object.assign(new Error(`not a folder, ${at}`), { code: 'ENOTDIR' })
    if (found) break
    missing.unshift(at)
  }
  for (const folder of missing)
    await mkdir(folder).catch(async (error: unknown) => {
      // Another program may have created it meanwhile.
      if (!(await stat(folder).catch(() => undefined))?.isDirectory()) throw error
    })
  return missing[0]
}
