// Answers to held-out rows, as the engine gives them to the page.

/** Where the tokens of a text end, and how likely the model held each to be, from 0 to 1. */
export interface TokenPieces {
  /** Characters (UTF-16) of each piece; together they are the text. */
  lengths: number[]
  probabilities: number[]
  /** The most likely tokens in the place of each piece, the likeliest first; none for a character of several tokens. Absent unless asked for. */
  alternatives?: TokenChance[][]
}

/** A token for display, and how likely the model held it to be. */
interface TokenChance {
  text: string
  probability: number
}

interface GivenAnswer {
  /** With white space at its ends. */
  text: string
  /** Ended by itself (end token) rather than by the limit. */
  complete: boolean
  pieces?: TokenPieces
}

/** A row with the answer of each model that was asked. */
export interface RowAnswers {
  /** Its line in the file. */
  line: number
  /** As the model reads it, without special tokens. */
  prompt: string
  /** The words of the row that ask, without the words around them; only for rows that are asked otherwise than their data say. */
  words?: string
  expected: string
  answers: GivenAnswer[]
}

/** How the base is asked without training: with another task description, and with solved examples in front. */
export interface AskedBase {
  /** Absent = the one of the data. */
  taskDescription?: string
  /** How many solved examples. */
  shots: number
}
