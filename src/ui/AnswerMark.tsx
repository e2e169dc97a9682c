// Whether an answer is right, wrong or right in part.
import { formatShare } from './format'
import { Icon } from './icons'
import { useText } from './text/text'

/** `grade`: from 0, wrong, to 1, right. */
export function AnswerMark({ grade }: { grade: number }) {
  const text = useText()
  const t = text.answers
  if (grade === 1)
    return (
      <span className="answer-mark answer-right">
        <Icon name="check" />
        {t.right}
      </span>
    )
  return (
    <span className="answer-mark answer-wrong">
      <Icon name="close" />
      {grade > 0 ? t.partly(formatShare(grade, 1, text)) : t.wrong}
    </span>
  )
}
