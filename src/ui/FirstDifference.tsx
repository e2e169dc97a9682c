// Says in words where an answer begins to differ from another one.
import { shownText } from './difference'
import { formatCount, formatShare } from './format'
import { useText } from './text/text'
import { type TokenDifference, type TokenText, tokenTexts } from './token-difference'

interface Props {
  own: TokenText
  other: TokenText
  /** Whose answer the other one is. */
  title: string
  difference: TokenDifference
}

export function FirstDifference({ own, other, title, difference: { first } }: Props) {
  const text = useText()
  const t = text.play
  const said = (at: number, answer: TokenText): string => {
    const token = tokenTexts(answer)[at]
    if (token === undefined) return t.answerEnd
    return text.answers.token(`“${shownText(token).replaceAll('\n', '↵')}”`, formatShare(answer.pieces.probabilities[at], 1, text))
  }
  return (
    <p className="help" data-testid="first-difference">
      {first === undefined ? t.sameAs(title) : t.differs(title, formatCount(first + 1, text), said(first, own), said(first, other))}
    </p>
  )
}
