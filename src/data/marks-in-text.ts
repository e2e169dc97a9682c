// Special tokens that are written out in rows. Data cannot make special tokens, so they are read as plain characters, and a note says so.
import { type Phrase, say } from '../config/phrase'
import type { Tokenizer } from '../tokenizer/tokenizer'
import type { Encoder } from './encode-sample'
import type { Sample } from './sample'

export class MarksInText {
  private readonly tokenizer: Tokenizer
  private pattern?: RegExp
  private rows = 0
  private first = ''

  constructor(tokenizer: Tokenizer) {
    this.tokenizer = tokenizer
  }

  /** `asked` and `form`: how the row is written. What a chat template writes is read with its special tokens, as transformers does. */
  look(sample: Sample, { asked, form }: Pick<Encoder, 'asked' | 'form'>): void {
    if (sample.kind === 'tokens' || (sample.kind !== 'text' && asked === 'template') || (sample.kind === 'pair' && form.special)) return
    const pattern = (this.pattern ??= anySpecial(this.tokenizer))
    for (const text of textsOf(sample)) {
      const [found] = pattern.exec(text) ?? []
      if (found === undefined) continue
      if (this.rows++ === 0) this.first = found
      return
    }
  }

  sentences(): Phrase[] {
    const { rows, first } = this
    if (!rows) return []
    const have = rows === 1 ? say`1 row has` : say`${rows} rows have`
    return [
      say`${have} special tokens written out (the first: ${first}). They are read there as plain characters, which a model does not take for the tokens. Put conversations as lists of turns into a column messages, or write the tokens into the words around prompts.`,
    ]
  }
}

function textsOf(sample: Exclude<Sample, { kind: 'tokens' }>): readonly string[] {
  if (sample.kind === 'text') return [sample.text]
  if (sample.kind === 'pair') return [sample.prompt, sample.completion, sample.system ?? '']
  return sample.messages.map(({ content }) => content)
}

/** Finds any special token of the vocabulary whose name is no plain word; nothing if there is none. */
function anySpecial(tokenizer: Tokenizer): RegExp {
  const names: string[] = []
  for (let id = 0; id < tokenizer.vocabSize; id++) {
    const name = tokenizer.isSpecial(id) || tokenizer.eos.includes(id) ? tokenizer.token(id) : ''
    if (name.trim().length > 2) names.push(name)
  }
  // The longest first, so that the name that is told is the token that the text has.
  const longest = names.sort((a, b) => b.length - a.length).map((name) => name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
  return new RegExp(longest.length ? longest.join('|') : '(?!)')
}
