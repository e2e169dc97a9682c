// `npm run package`: makes the command line's bundle for the published package, after the page was built. The bundle leaves packages of
// node_modules out, so `dependencies` in package.json lists what it imports; everything else is in dist or only for development.
import { readFileSync, rmSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { writeBundle } from './bundle.mjs'
import { packagedBundle, root } from './cache.mjs'

/** The package of a module: `@a/b/c.js` is in `@a/b`. @param {string} name */
const packageOf = (name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/')

const folder = dirname(packagedBundle)
rmSync(folder, { recursive: true, force: true })
const imported = (await writeBundle('src/cli/main.ts', basename(packagedBundle), folder, { sourcemap: false }))
  .filter((name) => !name.startsWith('node:') && !builtinModules.includes(name))
  .map(packageOf)
const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const missing = [...new Set(imported)].filter((name) => !(name in dependencies))
if (imported.length === 0 || missing.length > 0)
  throw new Error(
    `package.json: expected ${missing.join(', ') || 'imports'} among the dependencies, since the command line imports it. Move it there.`,
  )
