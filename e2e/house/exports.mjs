// Every export must be imported somewhere. Exports of the product must be imported by a program; those that only tests import are listed
// in `forTests`.
import { posix } from 'node:path'

/** @typedef {import('./project.mjs').SourceFile} SourceFile */
/** @typedef {{ name: string, start: number }} Export */
/** A name imported from a file; `*` means all of its names. @typedef {{ path: string, name: string }} Import */

/** Parts of the product that only their own file and tests use. @type {Record<string, string[]>} */
const forTests = {
  'src/config/figures.ts': ['figures'],
  'src/data/map-rows.ts': ['guessRoles'],
  'src/data/plan-batches.ts': ['BatchOptions'],
  'src/formats/quant/nf4-code.ts': ['nf4Values'],
  'src/gpu/bindings.ts': ['parseBindings'],
  'src/gpu/gpu.ts': ['GpuOptions'],
  'src/gpu/params.ts': ['parseParams'],
  'src/measure/steps.ts': ['fullBatch'],
  'src/measure/sweep.ts': ['countedMs'],
  'src/measure/tune.ts': ['Tuning'],
  'src/models/registry.ts': ['families'],
  'src/ops/attention.ts': ['AttentionShape'],
  'src/ops/step-metrics.ts': ['placesOf'],
  'src/ops/step-state.ts': ['OptimizerSettings'],
  'src/store/demo.ts': ['parseDemoPlan'],
  'src/tokenizer/template-renderer.ts': ['TemplateWorker'],
  'src/train/evaluate.ts': ['evaluateBatches'],
  'src/train/fit-memory.ts': ['Candidate'],
  'src/train/trainer.ts': ['TrainerOptions'],
  'src/ui/ComparisonForm.tsx': ['Shared'],
  'src/worker/reading.ts': ['ReadReply', 'ReadingWorker'],
}

/** Exports that a tool calls by name. */
const byTool = new Set(['src/testing/gpu-setup.mjs setup'])
/** Every file of e2e/endure may be a part of `npm run endure`, which finds them by their place. @param {SourceFile} file @param {string} name */
const isEndurePart = (file, name) => name === 'part' && file.path.startsWith('e2e/endure/')

/** @param {import('vite').ESTree.BindingPattern | import('vite').ESTree.Declaration | null} node @returns {string[]} */
function namesOf(node) {
  if (!node) return []
  switch (node.type) {
    case 'Identifier':
      return [node.name]
    case 'ObjectPattern':
      return node.properties.flatMap((property) => namesOf(property.type === 'Property' ? property.value : property.argument))
    case 'ArrayPattern':
      return node.elements.flatMap((element) => (element?.type === 'RestElement' ? namesOf(element.argument) : namesOf(element)))
    case 'AssignmentPattern':
      return namesOf(node.left)
    case 'VariableDeclaration':
      return node.declarations.flatMap((one) => namesOf(one.id))
    default:
      return 'id' in node && node.id?.type === 'Identifier' ? [node.id.name] : []
  }
}

/** @param {import('vite').ESTree.ModuleExportName} node */
function nameOf(node) {
  return node.type === 'Literal' ? node.value : node.name
}

/** @param {SourceFile} file @returns {Export[]} */
function exportsOf(file) {
  return file.program.body.flatMap((node) => {
    if (node.type !== 'ExportNamedDeclaration') return []
    const { start } = node
    const declared = namesOf(node.declaration).map((name) => ({ name, start }))
    return [...declared, ...node.specifiers.map((one) => ({ name: nameOf(one.exported), start: one.start }))]
  })
}

/** The file that a relative specifier names, if it is one of `paths`. @param {string} from @param {unknown} specifier @param {ReadonlySet<string>} paths */
function resolved(from, specifier, paths) {
  if (typeof specifier !== 'string' || !specifier.startsWith('.')) return undefined
  const path = posix.join(posix.dirname(from), specifier.replace(/\?.*$/, ''))
  return [path, `${path}.ts`, `${path}.tsx`].find((one) => paths.has(one))
}

/** @param {SourceFile} file @param {ReadonlySet<string>} paths @returns {Import[]} */
function importsOf(file, paths) {
  /** @type {Import[]} */
  const found = []
  /** @param {unknown} specifier @param {readonly string[]} names */
  const add = (specifier, names) => {
    const path = resolved(file.path, specifier, paths)
    if (path) found.push(...names.map((name) => ({ path, name })))
  }
  file.visit({
    ImportDeclaration: ({ source, specifiers }) =>
      add(
        source.value,
        specifiers.map((one) =>
          one.type === 'ImportSpecifier' ? nameOf(one.imported) : one.type === 'ImportDefaultSpecifier' ? 'default' : '*',
        ),
      ),
    ExportNamedDeclaration: ({ source, specifiers }) =>
      source &&
      add(
        source.value,
        specifiers.map((one) => nameOf(one.local)),
      ),
    ExportAllDeclaration: ({ source }) => add(source.value, ['*']),
    ImportExpression: ({ source }) => add(source.type === 'Literal' ? source.value : undefined, ['*']),
    TSImportType: ({ source, qualifier }) => add(source.value, [qualifier?.type === 'Identifier' ? qualifier.name : '*']),
  })
  // Types in JSDoc are comments to the parser.
  for (const [, specifier, name] of file.text.matchAll(/import\('([^']+)'\)\.(\w+)/g)) add(specifier, [name])
  return found
}

/** All imports as `path name`: those of any file, and those of programs. @param {readonly SourceFile[]} code */
function imported(code) {
  const paths = new Set(code.map((file) => file.path))
  /** @type {Set<string>} */
  const byAll = new Set()
  /** @type {Set<string>} */
  const byPrograms = new Set()
  for (const file of code)
    for (const { path, name } of importsOf(file, paths)) {
      byAll.add(`${path} ${name}`)
      if (!file.isTest) byPrograms.add(`${path} ${name}`)
    }
  return { byAll, byPrograms }
}

/**
 * Exports of the product must be imported by a program (the product itself, or one in e2e/), exports of tests and e2e/ by any file.
 * @type {import('./project.mjs').Rule}
 */
export function unusedExports(files) {
  const code = files.filter((file) => file.isCode)
  const { byAll, byPrograms } = imported(code)
  /** @type {string[]} */
  const problems = []
  for (const file of code)
    for (const one of exportsOf(file)) {
      const has = (/** @type {Set<string>} */ used) => used.has(`${file.path} ${one.name}`) || used.has(`${file.path} *`)
      const listed = forTests[file.path]?.includes(one.name) ?? false
      const used = has(file.isProduct ? byPrograms : byAll)
      if (used !== listed || byTool.has(`${file.path} ${one.name}`) || isEndurePart(file, one.name)) continue
      const who = used
        ? 'programs import: take it off the list in e2e/house/exports.mjs'
        : has(byAll)
          ? 'only tests import'
          : 'nobody imports'
      problems.push(`${file.at(one)}: exports ${one.name}, which ${who}`)
    }
  return { count: `unused exports: ${problems.length}`, problems }
}
