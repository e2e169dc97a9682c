// SQL as tokens in a normal form: keywords and names in lower case, strings in single quotes, one way to write each operator.

/** What is not closed ends with the text, so that no two places search the rest of it. */
const token =
  /\s+|--[^\n]*|\/\*[^]*?(?:\*\/|$)|'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*(?:\]|$)|\d+(?:\.\d+)?(?:e[+-]?\d+)?|[\p{L}_][\p{L}\p{N}_$]*|<>|<=|>=|!=|==|\|\||[^\s]/giu

const others: Readonly<Record<string, string>> = { '<>': '!=', '==': '=' }

/** The tokens without white space and comments. Names keep no quotes, so `Name`, [name] and name are the same; a text in double quotes counts as a string. */
export function sqlTokens(sql: string): string[] {
  return [...sql.matchAll(token)].flatMap(([text]) => {
    if (/^(\s|--|\/\*)/.test(text)) return []
    if (text.startsWith("'") && text.length > 1) return [text]
    if (text.startsWith('"') && text.length > 1) return [`'${text.slice(1, -1).replaceAll('""', '"').replaceAll("'", "''")}'`]
    if (/^[`[].+[`\]]$/.test(text)) return [text.slice(1, -1).toLowerCase()]
    return [others[text] ?? text.toLowerCase()]
  })
}

/** The tokens cut before each of the `words` that is not inside brackets; the first piece has no such word in front. */
export function cutBefore(tokens: readonly string[], words: ReadonlySet<string>): string[][] {
  const pieces: string[][] = [[]]
  let depth = 0
  for (const each of tokens) {
    if (each === '(') depth++
    if (each === ')') depth--
    if (depth === 0 && words.has(each)) pieces.push([each])
    else pieces.at(-1)!.push(each)
  }
  return pieces
}
