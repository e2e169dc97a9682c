// Writes out loops. Register tiles are arrays, and compilers that do not unroll loops (SwiftShader, some mobile drivers) keep an array in
// registers only if every index is a constant.

const marked = /\/\/ unroll\n\s*for \(var (\w+) = 0u; \1 < (\w+); \1\+\+\) \{/g

/** The place where the block that was opened before `start` is closed. */
function closing(text: string, start: number): number {
  let depth = 1
  for (let i = start; i < text.length; i++) {
    if (text[i] === '{') depth++
    if (text[i] === '}' && --depth === 0) return i
  }
  throw new Error('unroll: expected a closing brace, which does not come.')
}

function bound(text: string, name: string): number {
  const literal = /^(\d+)u$/.exec(name) ?? new RegExp(`const ${name}: u32 = (\\d+)u;`).exec(text)
  if (!literal) throw new Error(`unroll: expected ${name} to be a whole constant of the kernel.`)
  return Number(literal[1])
}

/**
 * WGSL with every loop `for (var i = 0u; i < N; i++)` below a line `// unroll` written out N times, with `i` as a constant.
 * N is a literal or a constant of the kernel. The text is also valid, with the same meaning, if it is not written out.
 */
export function unroll(text: string): string {
  // The last mark has no other inside it: inner loops go first.
  const mark = [...text.matchAll(marked)].at(-1)
  if (!mark) return text
  const [head, index, name] = mark
  const start = mark.index + head.length
  const end = closing(text, start)
  const body = text.slice(start, end)
  const copies = Array.from({ length: bound(text, name) }, (_, i) => `{ const ${index} = ${i}u;${body}}`)
  return unroll(`${text.slice(0, mark.index)}${copies.join('\n')}${text.slice(end + 1)}`)
}
