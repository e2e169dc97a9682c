// On the empty page: what comes out of a run, from the record of the demo.
import { Sparkline } from './Sparkline'
import { demoRecord } from './demo-record'
import { formatCount, formatValue } from './format'
import { useText } from './text/text'

const { losses, exact, prompt, completion, files } = demoRecord
const values = Float64Array.from(losses)

export function WhatYouGet() {
  const text = useText()
  const t = text.gets
  const [from, to] = [losses[0], losses.at(-1)].map(formatValue)
  const [before, after, rows] = [exact.before, exact.after, exact.rows].map((count) => formatCount(count, text))
  return (
    <section className="gets" aria-labelledby="gets-title">
      <div className="view-head">
        <h2 id="gets-title">{t.title}</h2>
        <p className="muted">{t.lead}</p>
      </div>
      <ul className="gets-list">
        <li className="card">
          <h3>{t.curve}</h3>
          <div role="img" aria-label={t.curveLabel(from, to)}>
            <Sparkline values={values} colour={0} />
          </div>
          <p className="muted">{t.curveHelp(formatCount(losses.length, text), from, to)}</p>
        </li>
        <li className="card">
          <h3>{t.answers}</h3>
          <p lang="en">{prompt}</p>
          <p className="answer-tokens">{completion}</p>
          <p className="muted">{t.answersHelp(before, after, rows)}</p>
        </li>
        <li className="card">
          <h3>{t.files}</h3>
          <ul className="gets-files">
            {files.map((name) => (
              <li key={name}>
                <code>{name}</code>
              </li>
            ))}
          </ul>
          <p className="muted">{t.filesHelp}</p>
        </li>
      </ul>
    </section>
  )
}
