// Example rows as tokens: what is trained on, what is only context, what was cut. Told apart by colour and by line.
import type { ExamplePreview } from '../worker/api'
import { previewCount } from '../store/data-store'
import { formatCount } from './format'
import { useData, useStudio } from './studio-context'
import { useText } from './text/text'

const shownTokens = 400

function Example({ example }: { example: ExamplePreview }) {
  const text = useText()
  return (
    <li>
      <span className="muted example-row">{text.data.exampleRow(formatCount(example.row + 1, text))}</span>
      <p className="tokens" dir="auto">
        {example.tokens.slice(0, shownTokens).map((token, i) => (
          <span key={i} className={`token token-${token.role}`} title={`${token.id}`}>
            {token.text}
          </span>
        ))}
        {example.tokens.length > shownTokens && '…'}
      </p>
    </li>
  )
}

export function TokenPreview() {
  const text = useText()
  const studio = useStudio()
  const { preview, previewFrom, report } = useData()
  if (!report || preview.length === 0) return null
  const go = (from: number): void => void studio.data.showPreview(from)
  return (
    <div className="stack-small">
      <div className="row-between">
        <h3>{text.data.examples}</h3>
        <div className="button-row">
          <button
            type="button"
            className="button-quiet"
            disabled={previewFrom === 0}
            onClick={() => go(Math.max(0, previewFrom - previewCount))}
          >
            {text.data.previous}
          </button>
          <button
            type="button"
            className="button-quiet"
            disabled={previewFrom + previewCount >= report.rows}
            onClick={() => go(previewFrom + previewCount)}
          >
            {text.data.next}
          </button>
        </div>
      </div>
      <ul className="legend" aria-hidden="true">
        {(['trained', 'context', 'cut'] as const).map((role) => (
          <li key={role}>
            <span className={`token token-${role}`}>{text.data.legend[role]}</span>
          </li>
        ))}
      </ul>
      <ol className="examples">
        {preview.map((example) => (
          <Example key={example.row} example={example} />
        ))}
      </ol>
    </div>
  )
}
