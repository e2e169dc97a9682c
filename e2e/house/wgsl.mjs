// WGSL belongs in files in shaders/, where each file compiles on its own and editors know the language.

const wgsl = /@compute\b|\bvar<(storage|workgroup|uniform|private)\b|@group\(\d/

/** @type {import('./project.mjs').Rule} */
export function wgslInShaders(files) {
  /** @type {string[]} */
  const problems = []
  for (const file of files) {
    if (!file.isProduct) continue
    /** @param {{ start: number }} node @param {string | undefined} text */
    const check = (node, text) => {
      if (text && wgsl.test(text)) problems.push(`${file.at(node)}: holds WGSL text, which belongs in shaders/`)
    }
    file.visit({
      Literal: (node) => check(node, typeof node.value === 'string' ? node.value : undefined),
      TemplateElement: (node) => check(node, node.value.raw),
    })
  }
  return { count: `WGSL outside shaders/: ${problems.length}`, problems }
}
