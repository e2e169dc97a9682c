// Every label, help, choice, unit and summary that the page can show, by its English words: what a dictionary of another language needs
// beside the sentences (phrase-keys.ts).
import { Visitor } from 'vite'
import { type SourceFile, readProject } from '../../e2e/house/project.mjs'

/** `at`: where it is written, as `path:line` or as a path. */
interface FieldWords {
  words: string
  at: string
}

const rooms = new Set(['config', 'data', 'peft', 'recipe', 'scores', 'store'])
const keys = new Set(['label', 'help', 'summary', 'short', 'unit', 'group'])
/** Lists of words: the heads of a table, and rows that begin with their names. */
const ofTables = new Set(['head', 'rows'])

/** Texts under these keys that are written out in one file. */
function fieldWordsOf(file: SourceFile): FieldWords[] {
  const found: FieldWords[] = []
  new Visitor({
    Property({ key, value }) {
      if (key.type !== 'Identifier') return
      const list = ofTables.has(key.name) && value.type === 'ArrayExpression' ? value.elements : []
      const cells = list.map((part) => (part?.type === 'ArrayExpression' ? part.elements[0] : part))
      for (const part of keys.has(key.name) ? [value] : cells)
        if (part?.type === 'Literal' && typeof part.value === 'string') found.push({ words: part.value, at: file.at(part) })
    },
  }).visit(file.program)
  return found
}

/** Texts under these keys in values that modules export, for those that are put together from parts. */
function wordsIn(value: unknown, at: string, seen: Set<unknown>): FieldWords[] {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || seen.has(value)) return []
  seen.add(value)
  return Object.entries(value).flatMap(([key, part]) =>
    typeof part === 'string' ? (keys.has(key) && part ? [{ words: part, at }] : []) : wordsIn(part, at, seen),
  )
}

// Rooms that load fast; methods write their texts out.
const modules = import.meta.glob<Record<string, unknown>>(['../{config,scores}/*.ts', '../recipe/registry.ts', '!**/*.test.ts'], {
  eager: true,
})

/** The texts of the whole product, each once. */
export function fieldWords(files: readonly SourceFile[] = readProject()): FieldWords[] {
  const written = files.filter((file) => file.isProduct && rooms.has(file.room ?? '')).flatMap(fieldWordsOf)
  const seen = new Set<unknown>()
  const made = Object.entries(modules).flatMap(([path, module]) => wordsIn({ ...module }, path.replace('..', 'src'), seen))
  const first = new Map<string, FieldWords>()
  for (const one of [...written, ...made]) if (!first.has(one.words)) first.set(one.words, one)
  return [...first.values()]
}
