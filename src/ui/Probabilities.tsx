// The likeliest classes of a picture, with their probabilities as bars.
import type { CSSProperties } from 'react'
import { formatShare } from './format'
import { useText } from './text/text'

const shown = 3

interface Props {
  classes: readonly string[]
  probabilities: Float32Array
  /** The true class, which is shown too where it is less likely. */
  truth?: number
}

export function Probabilities({ classes, probabilities, truth }: Props) {
  const text = useText()
  const order = Array.from(probabilities.keys()).sort((a, b) => probabilities[b] - probabilities[a])
  const first = order.slice(0, shown)
  const all = truth === undefined || first.includes(truth) ? first : [...first, truth]
  return (
    <dl className="probabilities">
      {all.map((i) => (
        <div key={i} style={{ '--share': `${probabilities[i] * 100}%` } as CSSProperties}>
          <dt title={classes[i]}>{i === truth ? <strong>{classes[i]}</strong> : classes[i]}</dt>
          <dd>{formatShare(probabilities[i], 1, text)}</dd>
        </div>
      ))}
    </dl>
  )
}
