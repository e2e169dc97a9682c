// Classes that the product may construct only in one place, or nowhere.

/** Each class, the file that may construct it, and what other files should do instead. @type {Record<string, { only?: string, instead: string }>} */
const limited = {
  // A program that is made elsewhere would miss the passes over the recorded launches.
  Program: { only: 'src/ops/program-of.ts', instead: 'Call programOf.' },
  // A hidden map from an object to a fact about it easily becomes outdated, and a reader of the object does not see it.
  // A worker that is started elsewhere would have no policy where a host sends no headers.
  Worker: { only: 'src/worker/start-worker.ts', instead: 'Call startWorker.' },
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
