// The layout of an archive of the library: a zip with library.json, which lists everything, and one file for each thing beside it.
import * as v from 'valibot'
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'

/** The folder that holds everything. */
export const libraryFolder = 'tabtune-library'
export const libraryList = 'library.json'
/** A zip without 64-bit numbers ends here; a little is left for its list of files. */
export const mostArchiveBytes = 2 ** 32 - 2 ** 24

const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const kindless = {
  name: v.string(),
  files: v.array(v.object({ path: v.string(), sizeBytes: count, sums: v.string() })),
}
const list = v.object({
  format: v.literal('tabtune-library'),
  version: v.unknown(),
  copies: v.array(
    v.variant('kind', [
      v.object({ kind: v.literal('model'), fingerprint: v.string(), lineage: v.optional(v.string()), ...kindless }),
      v.object({ kind: v.literal('data'), fingerprint: v.string(), ...kindless }),
    ]),
  ),
  runs: v.array(v.object({ id: v.string() })),
})
export type LibraryList = v.InferOutput<typeof list>
export type ListedCopy = LibraryList['copies'][number]

export const libraryVersion = 1

export const copyPath = (copy: number, file: number): string => `copies/${copy}/${file}`
export const runPath = (run: number, file: string): string => `runs/${run}/${file}`

export function archiveDamaged(path: string): FormatError {
  return new FormatError(say`${path}: expected the bytes that were written into the archive, got others. Write the archive again.`)
}

/** library.json of the archive `name`. @throws FormatError if it is not one of ours */
export function parseLibraryList(name: string, text: string | undefined): LibraryList {
  let input: unknown
  try {
    input = text === undefined ? undefined : JSON.parse(text)
  } catch {
    input = undefined
  }
  const found = v.safeParse(list, input)
  if (!found.success)
    throw new FormatError(
      say`${name}: expected an archive of a TabTune library, with ${libraryFolder}/${libraryList}, got another zip. Drop adapters, models and data on the page instead.`,
    )
  if (found.output.version !== libraryVersion)
    throw new FormatError(
      say`${name}: expected an archive of version ${libraryVersion}, got version ${String(found.output.version)}. Open it with the version of TabTune that wrote it.`,
    )
  return found.output
}
