// English: numbers, times and lists.

export const numbers = {
  number: {
    missing: (whole: boolean) => `Please enter a ${whole ? 'whole number' : 'number'}.`,
    bounds: (whole: boolean, min: string, max: string) => `Please enter a ${whole ? 'whole number' : 'number'} from ${min} to ${max}.`,
    readAs: (text: string, number: string) => `${text} is read as ${number}.`,
    noWhole: (text: string, example: string) => `“${text}” is not a number. Please enter a whole number such as ${example}.`,
    none: (text: string, example: string, other: string) =>
      `“${text}” is not a number. Please enter a number such as ${example}${other && ` or ${other}`}.`,
    either: (text: string, one: string, other: string) => `${text} could be ${one} or ${other}. Please write the one you mean.`,
  },
  time: {
    milliseconds: (ms: string) => `${ms} ms`,
    seconds: (s: string) => `${s} s`,
    minutes: (m: string, s: string) => `${m} min ${s} s`,
    hours: (h: string, m: string) => `${h} h ${m} min`,
  },
  /** Names in a sentence or in a cell. */
  listed: (names: readonly string[]) => names.join(', '),
  labelled: (label: string, value: string) => `${label}: ${value}`,
  /** Words that become a sentence. */
  ended: (words: string) => `${words}.`,
  /** Behind a label. */
  inBrackets: (unit: string) => ` (${unit})`,
  /** Sentences after each other. */
  together: (sentences: readonly string[]) => sentences.filter(Boolean).join(' '),
}
