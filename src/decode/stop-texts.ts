// Texts that end an answer and are not part of it.

/** How many characters at the end of `text` are a beginning of `stop`. */
function longestBegun(text: string, stop: string): number {
  for (let n = Math.min(stop.length - 1, text.length); n > 0; n--) if (text.endsWith(stop.slice(0, n))) return n
  return 0
}

/** The place of the first of `stops` in the text, or -1. */
const stopIn = (text: string, stops: readonly string[]): number =>
  stops.map((stop) => text.indexOf(stop)).reduce((first, at) => (at >= 0 && (first < 0 || at < first) ? at : first), -1)

interface Stopping {
  /** For `Question.onText`: passes on the text so far, without a part that may become a stop text; returns false where a stop text ends the answer. */
  onText: (text: string) => boolean
  /** The answer in front of the stop text; undefined if none came. */
  cut: () => string | undefined
}

/** Watches the text of one answer for `stops`. */
export function stoppingAt(stops: readonly string[], onText: (text: string) => void): Stopping {
  let cut: string | undefined
  return {
    onText(text) {
      const at = stopIn(text, stops)
      if (at >= 0) cut = text.slice(0, at)
      if (cut !== undefined) return false
      const kept = Math.max(0, ...stops.map((stop) => longestBegun(text, stop)))
      onText(text.slice(0, text.length - kept))
      return true
    },
    cut: () => cut,
  }
}
