// Checks rules of the project that the linter cannot check. `node e2e/house.mjs` prints what each rule counted, and every place that
// breaks a rule. A rule is a function in a file of e2e/house/ that takes the project's files; a new one gets a line in `rules`.
import { realpathSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { doubleCasts } from './house/casts.mjs'
import { constructors } from './house/constructors.mjs'
import { familyNames } from './house/families.mjs'
import { unusedExports } from './house/exports.mjs'
import { layers } from './house/layers.mjs'
import { privacy } from './house/privacy.mjs'
import { readProject } from './house/project.mjs'
import { fileLengths, functionLengths, rooms } from './house/sizes.mjs'
import { wgslInShaders } from './house/wgsl.mjs'

/** @type {import('./house/project.mjs').Rule[]} */
const rules = [rooms, fileLengths, functionLengths, layers, familyNames, doubleCasts, unusedExports, privacy, constructors, wgslInShaders]

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  const files = readProject()
  const found = rules.map((rule) => rule(files))
  const problems = found.flatMap((one) => one.problems)
  for (const { count } of found) process.stdout.write(`${count}\n`)
  process.stdout.write(problems.length > 0 ? `\n${problems.join('\n')}\n` : `house: ${files.length} files in order\n`)
  process.exitCode = problems.length > 0 ? 1 : 0
}
