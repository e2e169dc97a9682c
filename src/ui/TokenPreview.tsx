// Example rows as tokens. Colours and lines show which tokens are trained on, which are context and which are cut.
import { useLayoutEffect, useRef, useState } from 'react'
import type { ExamplePreview } from '../worker/api'
import { previewCount } from '../store/data-view'
import { elide } from './elide'
import { formatCount } from './format'
import { useData, useStudio } from './studio-context'
import { useText } from './text/text'

function Tokens({ tokens }: { tokens: ExamplePreview['tokens'] }) {
  return tokens.map((token, i) => (
    <span key={i} className={`token token-${token.role}`} title={`${token.id}`}>
      {token.text}
    </span>
  ))
}

/** Scrolls the box to the trained part, or to its beginning if it is longer than the box. */
function showTrained(box: HTMLElement): void {
  const trained = [...box.querySelectorAll('.token-trained')]
  if (trained.length === 0) return
  const { top, bottom } = box.getBoundingClientRect()
  const beyond = trained.at(-1)!.getBoundingClientRect().bottom - bottom
  const above = trained[0]!.getBoundingClientRect().top - top
  if (beyond > 0) box.scrollTop += Math.min(beyond, above)
}

/** The trained part is always visible, however long the prompt is; the rest is shown on request. */
function Example({ example }: { example: ExamplePreview }) {
  const text = useText()
  const [whole, setWhole] = useState(false)
  const { tokens, skipped, more } = example
  const box = useRef<HTMLParagraphElement>(null)
  useLayoutEffect(() => {
    if (box.current && tokens.length > 0) showTrained(box.current)
  }, [tokens])
  const pieces = whole
    ? [{ from: 0, to: tokens.length }]
    : elide(
        tokens.map((token) => token.role),
        skipped,
      )
  return (
    <li>
      <span className="muted example-row">{text.data.exampleRow(formatCount(example.row + 1, text))}</span>
      <p className="tokens" ref={box} dir="auto">
        {pieces.map((piece, i) =>
          'left' in piece ? (
            <button key={i} type="button" className="token-gap" onClick={() => setWhole(true)}>
              {text.data.leftOut(formatCount(piece.left, text))}
            </button>
          ) : (
            <Tokens key={i} tokens={tokens.slice(piece.from, piece.to)} />
          ),
        )}
        {more !== undefined && <span className="muted"> {text.data.leftOut(formatCount(more, text))}</span>}
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
