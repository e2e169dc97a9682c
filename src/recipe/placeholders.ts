// Texts with places that are filled in: `Translate {text} to {language}`. Two braces are one brace.

/** A text with its places, in order: words as they are, and names of places. */
export type Template = readonly ({ words: string } | { name: string })[]

const part = /\{\{|\}\}|\{([^{}\n]+)\}/g

export function parseTemplate(text: string): Template {
  const parts: ({ words: string } | { name: string })[] = []
  let done = 0
  for (const found of text.matchAll(part)) {
    parts.push({ words: text.slice(done, found.index) })
    parts.push(found[1] === undefined ? { words: found[0][0] } : { name: found[1].trim() })
    done = found.index + found[0].length
  }
  return [...parts, { words: text.slice(done) }]
}

export const namesIn = (template: Template): string[] => template.flatMap((each) => ('name' in each ? [each.name] : []))

export const filled = (template: Template, valueOf: (name: string) => string): string =>
  template.map((each) => ('name' in each ? valueOf(each.name) : each.words)).join('')
