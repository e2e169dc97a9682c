// A double cast tells the compiler that a value has a type that it does not have. Use a parser, a guard or a better type instead.

/** @typedef {import('./project.mjs').SourceFile} SourceFile */

/** @param {{ type: string, expression?: { type: string } }} node */
function casts(node) {
  return node.type === 'TSAsExpression' || node.type === 'TSTypeAssertion'
}

/** @param {SourceFile} file @returns {string[]} */
function problemsOf(file) {
  /** @type {string[]} */
  const problems = []
  /** @param {{ start: number, expression: { type: string, start: number, expression?: any } }} node */
  const check = (node) => {
    let inner = node.expression
    while (inner.type === 'ParenthesizedExpression') inner = inner.expression
    if (casts(inner))
      problems.push(`${file.at(node)}: expected at most one cast, got a cast of a cast. Parse the value, or give it a truer type.`)
  }
  file.visit({ TSAsExpression: check, TSTypeAssertion: check })
  return problems
}

/** No `x as unknown as T` in the product. @type {import('./project.mjs').Rule} */
export function doubleCasts(files) {
  const problems = files.filter((file) => file.isProduct).flatMap(problemsOf)
  return { count: `double casts: ${problems.length}`, problems }
}
