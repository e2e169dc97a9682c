// Which room may import which other rooms (see docs/design.md). The page (store, ui) reaches the engine only through the worker.
import { posix } from 'node:path'

/** @typedef {import('./project.mjs').SourceFile} SourceFile */

const beside = ['pictures', 'patterns', 'formats', 'storage', 'tokenizer', 'data', 'recipe', 'scores']
const below = ['config', 'gpu', 'tensor', 'ops', 'models', 'peft', ...beside]
const engine = [...below, 'export', 'train', 'decode', 'measure']

/** Each room of src/ and the rooms that it may import besides itself. Only tests import testing/ or e2e/. @type {Record<string, string[]>} */
export const rooms = {
  config: [],
  gpu: ['config'],
  tensor: ['config', 'gpu'],
  patterns: ['config'],
  formats: ['config'],
  storage: ['config'],
  tokenizer: ['config', 'patterns', 'formats'],
  data: ['config', 'tokenizer'],
  recipe: ['config', 'patterns', 'data'],
  scores: ['config', 'data'],
  pictures: ['config', 'data', 'storage'],
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

/** Packages that only some rooms may import. @type {[RegExp, string[]][]} */
const packages = [
  [/^(react|react-dom|zustand|recharts|@fontsource-variable)(\/|$)/, ['store', 'ui']],
  [/^comlink$/, ['worker']],
  [/^(node:|webgpu$|vite$|playwright)/, ['cli', 'testing']],
]

/** Every module specifier in a file, with its place: of imports, re-exports and `import()`, including those of types. @param {SourceFile} file */
function specifiers(file) {
  /** @type {{ start: number, name: string }[]} */
  const found = []
  /** @param {{ start: number, source: unknown }} node */
  const add = ({ start, source }) => {
    if (source && typeof source === 'object' && 'value' in source && typeof source.value === 'string')
      found.push({ start, name: source.value })
  }
  file.visit({
    ImportDeclaration: add,
    ImportExpression: add,
    ExportNamedDeclaration: add,
    ExportAllDeclaration: add,
    TSImportType: add,
  })
  return found
}

/** @param {SourceFile} file @param {string} room @param {string} specifier @returns {string | undefined} */
function problem(file, room, specifier) {
  if (!specifier.startsWith('.')) {
    const limited = packages.find(([name]) => name.test(specifier))
    if (!limited || limited[1].includes(room)) return undefined
    return `imports ${specifier}, which only ${limited[1].join(' and ')} may`
  }
  const target = posix.join(posix.dirname(file.path), specifier).split('/')
  if (target[0] !== 'src') return `imports ${specifier}, outside src`
  if (target[1] === room || rooms[room].includes(target[1])) return undefined
  return `imports ${specifier}; ${room} may import ${rooms[room].join(', ') || 'nothing'}`
}

/** Imports may only go down. @type {import('./project.mjs').Rule} */
export function layers(files) {
  const problems = []
  for (const file of files) {
    if (!file.isProduct || file.room === undefined) continue
    const { room } = file
    if (!(room in rooms)) {
      problems.push(`${file.path}: ${room} is not a room of docs/design.md`)
      continue
    }
    for (const specifier of specifiers(file)) {
      const found = problem(file, room, specifier.name)
      if (found) problems.push(`${file.at(specifier)}: ${found}`)
    }
  }
  return { count: `imports against the layers: ${problems.length}`, problems }
}
