// Learned context around the names of classes: where it stands in their texts. CoOp and CoCoOp share this.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { ClassTexts, TextConfig } from '../formats/model-file'
import type { Texts } from '../models/hooks'
import type { Base } from './method'

/** Where the name of a class stands: behind the context, or between its two halves. */
type Position = 'end' | 'middle'

/** The texts of a base's classes. @throws FormatError without classes */
export function classesOf({ config, name }: Base): { text: TextConfig; classes: ClassTexts } {
  const { text } = config
  if (!text?.classes) throw new FormatError(say`${name}: expected the names of classes, got none. Give --classes FILE.`)
  return { text, classes: text.classes }
}

/** [BOS] context class . [EOS] or [BOS] half class half . [EOS], with `tokens` = M places for the context, and the places of each text. */
function textOf(name: readonly number[], tokens: number, position: Position, { bos, eos }: TextConfig, closing: readonly number[]) {
  const front = position === 'end' ? tokens : Math.floor(tokens / 2)
  // What stands at the places does not matter, except that no text may seem to end there.
  const gaps = (count: number) => new Array<number>(count).fill(bos)
  const ids = [bos, ...gaps(front), ...name, ...gaps(tokens - front), ...closing, eos]
  return { ids, places: Array.from({ length: tokens }, (_, m) => 1 + m + (m < front ? 0 : name.length)) }
}

/** The texts of all classes around M places of context. `own`: each picture has its own texts. */
export function contextTexts(base: Base, tokens: number, position: Position, own = false): Omit<Texts, 'places'> & { at: number[][] } {
  const { text, classes } = classesOf(base)
  const all = classes.ids.map((name) => textOf(name, tokens, position, text, classes.closing))
  return { rows: all.map(({ ids }) => ids), templates: 1, own, at: all.map(({ places }) => places) }
}

/** The positions of all context vectors [copies · K][M], counted over texts of L tokens. */
export function placesOf(at: readonly (readonly number[])[], length: number, copies: number): number[][] {
  return Array.from({ length: copies * at.length }, (_, n) => at[n % at.length].map((place) => n * length + place))
}

/** [N][M] → [M][N] */
export const turnedPlaces = (places: readonly (readonly number[])[]): number[][] => places[0].map((_, m) => places.map((own) => own[m]))

/** Embeddings of a text, repeated or cut to M vectors [M, C]. If the classes are given as token ids, so is the text. */
export async function embeddingsOf(base: Base, words: string, tokens: number): Promise<Float32Array<ArrayBuffer>> {
  const { text, classes } = classesOf(base)
  const ids = classes.given ? words.split(/\s+/).filter(Boolean).map(Number) : base.encode(words)
  if (!ids.length || ids.some((id) => !Number.isSafeInteger(id) || id < 0 || id >= text.vocab))
    throw new FormatError(
      classes.given
        ? say`starting text: expected token ids below ${text.vocab}, since the classes are given as token ids, got ${words}. Correct it.`
        : say`starting text: expected at least one word, got none. Write a text, or start from random values.`,
    )
  return base.embeddingRows(Array.from({ length: tokens }, (_, m) => ids[m % ids.length]))
}
