// What the linter cannot say: which room may import which, how long a file may be, and that WGSL lives in shaders/.
// `node e2e/house.mjs` checks the project; docs/design.md has the reasons.
import { readdirSync, readFileSync, realpathSync } from 'node:fs'
import { join, posix } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from '../src/cli/node/cache.mjs'

const maxLines = 400

const beside = ['formats', 'storage', 'tokenizer', 'data']
const below = ['config', 'gpu', 'tensor', 'ops', 'models', 'peft', ...beside]
const engine = [...below, 'export', 'train', 'decode', 'measure']

/** Each room of src/ and the rooms it may import; itself always. Nothing but tests imports testing/ or e2e/. The page (store, ui) never reaches the engine but through the worker. @type {Record<string, string[]>} */
export const rooms = {
  config: [],
  gpu: ['config'],
  tensor: ['config', 'gpu'],
  formats: ['config'],
  storage: ['config'],
  tokenizer: ['config', 'formats'],
  data: ['config', 'tokenizer'],
  ops: ['config', 'gpu', 'tensor', 'formats'],
  models: ['config', 'gpu', 'tensor', 'ops', 'formats'],
  peft: ['config', 'gpu', 'tensor', 'ops', 'models', ...beside],
  export: below,
  train: [...below, 'export'],
  decode: [...below, 'export', 'train'],
  measure: [...below, 'export', 'train'],
  worker: engine,
  cli: [...engine, 'worker'],
  store: ['config', 'worker', ...beside],
  ui: ['config', 'worker', 'store', ...beside],
}

/** Packages that belong to some rooms only. @type {[RegExp, string[]][]} */
const packages = [
  [/^(react|react-dom|zustand|recharts|@fontsource-variable)(\/|$)/, ['store', 'ui']],
  [/^comlink$/, ['worker']],
  [/^(node:|webgpu$|vite$|playwright)/, ['cli', 'testing']],
]

const wgsl = /@compute\b|\bvar<(storage|workgroup|uniform|private)\b|@group\(\d/
const imports = /(?:\bfrom|\bimport)\s*\(?\s*(['"])([^'"]+)\1/g

/** @param {string} text */
function withoutComments(text) {
  return text.replaceAll(/\/\*[^]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '')
}

/** @param {string} path */
function isTest(path) {
  return /\.test\.tsx?$/.test(path) || path.includes('/testing/')
}

/** @param {string} path @param {string} specifier @returns {string | undefined} */
function importProblem(path, specifier) {
  const room = path.split('/')[1]
  if (!specifier.startsWith('.')) {
    const limited = packages.find(([name]) => name.test(specifier))
    if (!limited || limited[1].includes(room)) return undefined
    return `${path}: imports ${specifier}, which only ${limited[1].join(' and ')} may`
  }
  const target = posix.join(posix.dirname(path), specifier).split('/')
  if (target[0] !== 'src') return `${path}: imports ${specifier}, outside src`
  if (target[1] === room || rooms[room].includes(target[1])) return undefined
  return `${path}: imports ${specifier}; ${room} may import ${rooms[room].join(', ') || 'nothing'}`
}

/**
 * Everything wrong with one file. Tests and testing/ import what they like; the rest goes down only.
 * @param {string} path from the project's root, with slashes
 * @param {string} text
 */
export function problems(path, text) {
  const found = []
  const lines = text.split('\n').length - 1
  if (lines > maxLines) found.push(`${path}: expected at most ${maxLines} lines, got ${lines}`)
  if (path.startsWith('src/') && !isTest(path) && wgsl.test(withoutComments(text)))
    found.push(`${path}: holds WGSL text, which belongs in shaders/`)
  if (!path.startsWith('src/') || !/\.(ts|tsx|mjs)$/.test(path) || isTest(path)) return found
  const room = path.split('/')[1]
  if (!(room in rooms)) return [...found, `${path}: ${room} is no room of docs/design.md`]
  for (const match of withoutComments(text).matchAll(imports)) {
    const problem = importProblem(path, match[2])
    if (problem) found.push(problem)
  }
  return found
}

/** @param {string} folder @returns {string[]} */
function filesUnder(folder) {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => posix.join(folder, name.replaceAll('\\', '/')))
    .filter((path) => /\.(ts|tsx|wgsl|mjs|css|py)$/.test(path) && !path.includes('/node_modules/'))
}

/** Everything wrong in src, shaders and e2e. */
export function projectProblems() {
  const files = ['src', 'shaders', 'e2e'].flatMap(filesUnder)
  return { files: files.length, found: files.flatMap((path) => problems(path, readFileSync(join(root, path), 'utf8'))) }
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  const { files, found } = projectProblems()
  process.stdout.write(found.length > 0 ? `${found.join('\n')}\n` : `house: ${files} files in order\n`)
  process.exitCode = found.length > 0 ? 1 : 0
}
