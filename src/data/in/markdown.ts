// Markdown: like text, but a fenced code block is not cut at its blank lines, and front matter in YAML is left out.
import { say } from '../../config/phrase'
import type { ReadRow } from '../parse-row'
import { Documents } from './documents'
import type { Reading, RowKind } from './kind'
import { describeText, guessTextRows } from './text'
import { type TextLine, textLines } from './text-lines'

/** Lines that front matter may have. A line of hyphens at the beginning may also be a rule across the page. */
const mostFrontMatter = 200

/** Leaves out front matter, which is between two lines of three hyphens at the very beginning. */
class FrontMatter {
  /** Lines that may be front matter; undefined once it is known. */
  private held: TextLine[] | undefined = []
  private readonly note: Reading['note']

  constructor(note: Reading['note']) {
    this.note = note
  }

  /** The lines that are known not to be front matter, with this one. */
  behind(line: TextLine): readonly TextLine[] {
    const { held } = this
    if (!held) return [line]
    const isMark = line.text.trimEnd() === '---'
    held.push(line)
    if (held.length > 1 && isMark) {
      this.note(say`The front matter (the first ${held.length} lines) is left out.`)
      this.held = undefined
    } else if ((held.length === 1 && !isMark) || held.length > mostFrontMatter) return this.end()
    return []
  }

  /** The lines that were held back. */
  end(): readonly TextLine[] {
    const held = this.held ?? []
    this.held = undefined
    return held
  }
}

/** The fence that a line opens or closes: at least three backticks or tildes, indented by at most three spaces (CommonMark 4.5). */
const fenceOf = (text: string): string | undefined => /^ {0,3}(`{3,}|~{3,})/.exec(text)?.[1]

const closes = (fence: string, text: string): boolean => {
  const found = fenceOf(text)
  return found !== undefined && found[0] === fence[0] && found.length >= fence.length && text.trim() === found
}

/** Cuts documents at blank lines outside of fenced blocks. */
class MarkdownDocuments {
  private readonly documents = new Documents()
  private fence: string | undefined
  private readonly cuts: boolean

  /** `cuts`: at blank lines; otherwise there is one document. */
  constructor(cuts: boolean) {
    this.cuts = cuts
  }

  *add(line: TextLine): Generator<ReadRow> {
    if (this.cuts && this.fence === undefined && line.text.trim() === '') return yield* this.documents.take()
    this.documents.add(line)
    if (this.fence === undefined) this.fence = fenceOf(line.text)
    else if (closes(this.fence, line.text)) this.fence = undefined
  }

  end = (): Generator<ReadRow> => this.documents.take()
}

export const markdown: RowKind = {
  kind: 'markdown',
  isText: true,
  isLike: ({ name }) => /\.(md|markdown)$/.test(name),
  guess: guessTextRows,
  describe: (how) => describeText(say`Markdown`, how),
  async *rows(reading) {
    const documents = new MarkdownDocuments(reading.how.textRows === 'paragraph')
    const front = new FrontMatter(reading.note)
    for await (const lines of textLines(reading))
      for (const line of lines) for (const behind of front.behind(line)) yield* documents.add(behind)
    for (const line of front.end()) yield* documents.add(line)
    yield* documents.end()
  },
}
