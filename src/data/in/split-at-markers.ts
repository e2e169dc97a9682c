// Texts that hold a question and its answer behind markers: `Q: … A: …`.

interface Markers {
  /** Before the question; empty if the text begins with it. */
  question: string
  /** Between the question and the answer. */
  answer: string
}

/** The question and the answer of a text without the markers and the space around them; undefined if the markers are not there in this order. */
export function splitAtMarkers(text: string, { question, answer }: Markers): { prompt: string; completion: string } | undefined {
  const start = text.indexOf(question)
  if (start < 0) return undefined
  const from = start + question.length
  const middle = text.indexOf(answer, from)
  if (middle < 0) return undefined
  const before = text.slice(0, start).trim()
  const asked = text.slice(from, middle).trim()
  return { prompt: before ? `${before}\n${asked}` : asked, completion: text.slice(middle + answer.length).trim() }
}
