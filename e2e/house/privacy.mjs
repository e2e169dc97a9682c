// Private members use TypeScript's `private`, which also turns a parameter of a constructor into a field; `#names` are refused.

/** @typedef {import('./project.mjs').SourceFile} SourceFile */

/** @param {SourceFile} file @returns {string[]} */
function problemsOf(file) {
  /** @type {string[]} */
  const problems = []
  /** @param {{ start: number, key: { type: string } }} member */
  const check = (member) => {
    if (member.key.type === 'PrivateIdentifier')
      problems.push(`${file.at(member)}: expected a private member to say \`private\`, got a name with #`)
  }
  file.visit({ PropertyDefinition: check, MethodDefinition: check })
  return problems
}

/** Private members are declared with `private`. @type {import('./project.mjs').Rule} */
export function privacy(files) {
  const problems = files.filter((file) => /\.tsx?$/.test(file.path)).flatMap(problemsOf)
  return { count: `private members in another style: ${problems.length}`, problems }
}
