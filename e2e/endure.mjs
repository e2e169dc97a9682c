// `npm run endure -- [--only NAME,…] [--sample | --long] [--count N] [--seed N] [--json FILE]`: bundles e2e/endure/main.ts, as the command
// line is bundled, and runs it in this process. The processes of its parts start here too, with the same bundle.
import { pathToFileURL } from 'node:url'
import { bundled } from '../src/cli/node/bundle.mjs'

process.setSourceMapsEnabled(true)
try {
  process.env.TABTUNE_ENDURE_BUNDLE ??= await bundled('e2e/endure/main.ts', 'endure.mjs', ['src', 'shaders', 'e2e'])
  await import(pathToFileURL(process.env.TABTUNE_ENDURE_BUNDLE).href)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
}
