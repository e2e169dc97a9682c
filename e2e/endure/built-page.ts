// The page as `npm start` serves it, built once for all parts.
import { join } from 'node:path'
import { build, preview } from 'vite'
import { checkoutCache, root } from '../../src/cli/node/cache.mjs'

export interface BuiltPage {
  address: string
  close(): Promise<void>
}

/**
 * Builds the page into a folder of its own, so that a `dist` in use stays as it is, and serves it with its headers on a free port.
 * `npm test` has built it just before: the variable TABTUNE_BUILT_PAGE names that folder.
 */
export async function serveBuiltPage(): Promise<BuiltPage> {
  const built = process.env.TABTUNE_BUILT_PAGE
  const outDir = built ?? join(checkoutCache, 'endure-page')
  if (built === undefined) await build({ root, logLevel: 'warn', build: { outDir, emptyOutDir: true } })
  const server = await preview({ root, logLevel: 'warn', build: { outDir }, preview: { port: 0, open: false } })
  return { address: server.resolvedUrls?.local[0] ?? '', close: () => server.close() }
}
