// Starts our_tokens.ts, bundled as the command line is.
import { pathToFileURL } from 'node:url'
import { bundled } from '../../src/cli/node/bundle.mjs'

await import(pathToFileURL(await bundled('e2e/interop/our_tokens.ts', 'our_tokens.mjs', ['src', 'e2e/interop'])).href)
