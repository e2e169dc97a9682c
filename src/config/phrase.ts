// The engine's sentences as phrases, so that a second language needs no change in the engine. The fixed part of a sentence is its key in
// a dictionary; the parts that vary are its values. In English the key is the sentence.

/** A part that varies in a sentence. A part that is a phrase itself is translated on its own. */
export type PhraseValue = string | number | Phrase

/** Plain data, so it travels between threads. `key`: the English sentence with {0}, {1}, … where `values` go. */
export interface Phrase {
  readonly key: string
  readonly values: readonly PhraseValue[]
}

/** Sentences of another language by their keys. A sentence that it lacks stays English. */
export type Dictionary = Readonly<Record<string, string>>

/** say`${name}: expected ${want}, got ${got}.` */
export function say(parts: TemplateStringsArray, ...values: (PhraseValue | boolean | bigint | undefined)[]): Phrase {
  return {
    key: parts.reduce((key, part, i) => `${key}{${i - 1}}${part}`),
    values: values.map((v) => (typeof v === 'object' || typeof v === 'number' ? v : String(v))),
  }
}

/** Several phrases after each other, with `between` between two of them. */
export function joined(phrases: readonly Phrase[], between = ', '): Phrase {
  return { key: phrases.map((_, i) => `{${i}}`).join(between), values: phrases }
}

/** Text without a key: a library, the browser or a person wrote it. */
export function asWritten(text: string): Phrase {
  return { key: '{0}', values: [text] }
}

/** The sentence in the language of `dictionary`; in English without one. */
export function sentence({ key, values }: Phrase, dictionary: Dictionary = {}): string {
  const words = values.map((value) => (typeof value === 'object' ? sentence(value, dictionary) : String(value)))
  const text = Object.hasOwn(dictionary, key) ? dictionary[key] : key
  return text.replaceAll(/\{(\d+)\}/g, (place, i: string) => words[Number(i)] ?? place)
}
