// Limits how long a file and a function may be, and counts the files of each room.

const maxFileLines = 400
const maxFunctionLines = 80

/** @typedef {import('./project.mjs').SourceFile} SourceFile */
/** @typedef {{ name: string, lines: number }} Measured */

/** @param {string} text */
function linesOf(text) {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
}

/** @param {readonly Measured[]} all */
function longest(all) {
  return all.reduce((most, one) => (one.lines > most.lines ? one : most), { name: 'none', lines: 0 })
}

/** @type {import('./project.mjs').Rule} */
export function rooms(files) {
  /** @type {Map<string, number>} */
  const counts = new Map()
  for (const { path, isTest } of files) {
    const [top, second] = path.split('/')
    const room = isTest ? 'tests' : top === 'src' ? second : top
    counts.set(room, (counts.get(room) ?? 0) + 1)
  }
  const sorted = [...counts].toSorted(([a], [b]) => a.localeCompare(b))
  return { count: `files: ${sorted.map(([room, count]) => `${room} ${count}`).join(', ')}`, problems: [] }
}

/** A file has at most 400 lines. @type {import('./project.mjs').Rule} */
export function fileLengths(files) {
  const all = files.map(({ path, text }) => ({ name: path, lines: linesOf(text) }))
  const product = all.filter((_, i) => files[i].isProduct)
  const { name, lines } = longest(product)
  return {
    count: `longest file: ${name}, ${lines} lines (at most ${maxFileLines})`,
    problems: all
      .filter((one) => one.lines > maxFileLines)
      .map((one) => `${one.name}: expected at most ${maxFileLines} lines, got ${one.lines}`),
  }
}

/** @param {SourceFile} file @returns {Measured[]} */
function functionsOf(file) {
  /** @type {Measured[]} */
  const found = []
  /** @param {{ start: number, end: number, id?: { name: string } | null }} node */
  const add = (node) => {
    const text = file.text.slice(node.start, node.end)
    found.push({ name: `${file.at(node)} ${node.id?.name ?? text.slice(0, 40).split('\n')[0]}`, lines: linesOf(text) })
  }
  file.visit({ FunctionDeclaration: add, FunctionExpression: add, ArrowFunctionExpression: add })
  return found
}

/** A function of the product has at most 80 lines. @type {import('./project.mjs').Rule} */
export function functionLengths(files) {
  const all = files.filter((file) => file.isProduct).flatMap(functionsOf)
  const { name, lines } = longest(all)
  return {
    count: `longest function: ${name}, ${lines} lines (at most ${maxFunctionLines})`,
    problems: all
      .filter((one) => one.lines > maxFunctionLines)
      .map((one) => `${one.name}: expected a function of at most ${maxFunctionLines} lines, got ${one.lines}`),
  }
}
