// Bundles our sources for Node if a source is newer than the last bundle.
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { checkoutCache, root } from './cache.mjs'

/** The time of the latest change under `folder` in milliseconds. Folders count too, since they change when a file is removed. @param {string} folder @returns {number} */
function newest(folder) {
  let latest = statSync(folder).mtimeMs
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules') continue
    const path = join(folder, entry.name)
    latest = Math.max(latest, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs)
  }
  return latest
}

/**
 * Writes the bundle `name` of `entry` (a path from the project's root) into `folder`, and returns the names of the modules that it imports.
 * @param {string} entry @param {string} name @param {string} folder
 * @param {{ within?: RegExp[], sourcemap?: 'inline' | false }} options `within`: packages to include in the bundle
 */
export async function writeBundle(entry, name, folder, { within = [], sourcemap = 'inline' }) {
  const { build } = await import('vite')
  const built = await build({
    root,
    configFile: false,
    logLevel: 'silent',
    publicDir: false,
    ssr: { noExternal: within },
    build: {
      ssr: join(root, entry),
      outDir: folder,
      emptyOutDir: false,
      target: 'node20',
      minify: false,
      sourcemap,
      rolldownOptions: { output: { entryFileNames: name, codeSplitting: false } },
    },
  })
  const chunks = [built].flat().flatMap((one) => ('output' in one ? one.output : []))
  return chunks.flatMap((chunk) => (chunk.type === 'chunk' ? [...chunk.imports, ...chunk.dynamicImports] : [])).filter((id) => id !== name)
}

/** Writes the bundle to a temporary folder and then moves it to its place, so that several processes may start at once. @param {string} entry @param {string} name @param {number} stampMs @param {RegExp[]} within */
async function build(entry, name, stampMs, within) {
  const folder = join(checkoutCache, `bundle-${name}-${process.pid}`)
  mkdirSync(folder, { recursive: true })
  try {
    await writeBundle(entry, name, folder, { within })
    const made = join(folder, name)
    utimesSync(made, new Date(), new Date(stampMs))
    renameSync(made, join(checkoutCache, name))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * The path of the bundle `name` of `entry` (a path from the project's root). It is built again if anything under `sources` is newer.
 * @param {string} entry @param {string} name @param {string[]} sources @param {RegExp[]} [within] packages to include in the bundle
 */
export async function bundled(entry, name, sources, within = []) {
  mkdirSync(checkoutCache, { recursive: true })
  const path = join(checkoutCache, name)
  const stampMs = Math.max(...sources.map((folder) => newest(join(root, folder))))
  const known = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
  // File systems round times. The tolerance of one millisecond is far shorter than the time between two edits.
  if (known + 1 < stampMs) await build(entry, name, stampMs, within)
  return path
}
