// Every sentence of the engine that the page can show, read from the sources: the keys that a dictionary of another language needs.
import { Visitor } from 'vite'
import { type SourceFile, readProject } from '../../e2e/house/project.mjs'

/** `at`: a place that says it, as `path:line`. */
interface PhraseKey {
  key: string
  at: string
}

/** Rooms with schemas of files. The messages of these schemas are keys of their own (formats/json-check.ts). */
const withSchemas = ['formats', 'tokenizer']
/** Makers of schemas that have a text at the end which is no message. */
const noMessage = ['literal', 'fallback']

/** The keys in one file, with a key again for each place that says it: of say`…`, and messages of schemas. */
export function phraseKeysOf(file: SourceFile): PhraseKey[] {
  const found: PhraseKey[] = []
  new Visitor({
    TaggedTemplateExpression(node) {
      if (node.tag.type !== 'Identifier' || node.tag.name !== 'say') return
      const parts = node.quasi.quasis.map(({ value }) => value.cooked ?? value.raw)
      found.push({ key: parts.reduce((key, part, i) => `${key}{${i - 1}}${part}`), at: file.at(node) })
    },
    CallExpression({ callee, arguments: given }) {
      if (!withSchemas.includes(file.room ?? '') || callee.type !== 'MemberExpression') return
      if (callee.object.type !== 'Identifier' || callee.object.name !== 'v' || callee.property.type !== 'Identifier') return
      const last = given.at(-1)
      if (last?.type === 'Literal' && typeof last.value === 'string' && !noMessage.includes(callee.property.name))
        found.push({ key: last.value, at: file.at(last) })
    },
  }).visit(file.program)
  return found
}

/**
 * The keys of the whole product, each once, in the order of the files. The command line's own sentences (src/cli) are left out: no part of
 * the page imports that room (e2e/house/layers.mjs).
 */
export function phraseKeys(files: readonly SourceFile[] = readProject()): PhraseKey[] {
  // Reading text is much faster than parsing it.
  const sources = files.filter((file) => file.isProduct && file.room !== 'cli' && /say`|'valibot'/.test(file.text))
  const first = new Map<string, PhraseKey>()
  for (const one of sources.flatMap(phraseKeysOf)) if (!first.has(one.key)) first.set(one.key, one)
  return [...first.values()]
}

/** The places of values in a sentence, sorted: `{1} of {0}` has 0 and 1. */
export function placesIn(sentence: string): number[] {
  return [...sentence.matchAll(/\{(\d+)\}/g)].map(([, place]) => Number(place)).toSorted((a, b) => a - b)
}
