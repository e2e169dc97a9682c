// Objects that the product makes in one place only, or nowhere.

/** Each class, the file that may construct it, and what others do instead. @type {Record<string, { only?: string, instead: string }>} */
const limited = {
  // Programs made elsewhere would lack what the passes over the recorded launches do.
  Program: { only: 'src/ops/program-of.ts', instead: 'Call programOf.' },
  // What is known about an object by way of a hidden map outlives its reasons, and no reader of the object finds it.
  WeakMap: { instead: 'Keep the value in a field of the object, or in an object that owns both.' },
  WeakSet: { instead: 'Keep the fact in a field of the object.' },
}

/** @param {import('./project.mjs').SourceFile} file @returns {string[]} */
function problemsOf(file) {
  /** @type {string[]} */
  const problems = []
  file.visit({
    NewExpression(node) {
      const { callee } = node
      if (callee.type !== 'Identifier') return
      const rule = limited[callee.name]
      if (rule && rule.only !== file.path)
        problems.push(`${file.at(node)}: expected new ${callee.name} ${rule.only ? `only in ${rule.only}` : 'nowhere'}. ${rule.instead}`)
    },
  })
  return problems
}

/** @type {import('./project.mjs').Rule} */
export function constructors(files) {
  const problems = files.filter((file) => file.isProduct).flatMap(problemsOf)
  return { count: `objects made outside their place: ${problems.length}`, problems }
}
