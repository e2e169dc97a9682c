// The rows that a step changed: before and after, with what differs marked.
import { useState } from 'react'
import { recordOf } from '../config/exact-json'
import type { ShownChange, StepReport } from '../config/recipe'
import { formatCount } from './format'
import { differenceOf, shownText } from './difference'
import { useOriginText } from './origin-text'
import { useSentence, useText } from './text/text'

const shownAtOnce = 20

/** The columns of a row that is kept as JSON text; a text that was cut is shown as it is. */
function columnsIn(json: string | undefined): Record<string, string> {
  if (json === undefined) return {}
  try {
    const row = recordOf(JSON.parse(json)) ?? {}
    return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]))
  } catch {
    return { '…': json }
  }
}

/** The texts of one column. A row that was only dropped or added has one of them. */
function Cell({ before, after }: { before?: string; after?: string }) {
  if (before === undefined || after === undefined || before === after) return <>{shownText(after ?? before ?? '')}</>
  const { start, removed, inserted, end } = differenceOf(before, after)
  return (
    <>
      {start}
      {removed && <del>{shownText(removed)}</del>}
      {inserted && <ins>{shownText(inserted)}</ins>}
      {end}
    </>
  )
}

function Change({ change }: { change: ShownChange }) {
  const text = useText()
  const inWords = useSentence()
  const origin = useOriginText()
  const [before, after] = [columnsIn(change.before), columnsIn(change.after)]
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return (
    <li className="change">
      <p className="help">
        <strong>{text.workbench.changes[change.kind]}</strong> {origin(change.origin)} {change.why && inWords(change.why)}
      </p>
      <dl>
        {names.map((name) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd dir="auto">
              <Cell before={before[name]} after={after[name]} />
            </dd>
          </div>
        ))}
      </dl>
    </li>
  )
}

export function StepChanges({ report }: { report: StepReport }) {
  const text = useText()
  const t = text.workbench
  const [open, setOpen] = useState(false)
  const all = Object.values(report.counts).reduce((sum, count) => sum + count, 0)
  const shown = report.changes.slice(0, shownAtOnce)
  return (
    <details onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>{t.look}</summary>
      {open && (
        <div className="stack-small">
          {all > shown.length && <p className="help">{t.changesOf(formatCount(shown.length, text), formatCount(all, text))}</p>}
          <ul className="changes" tabIndex={0} aria-label={t.look}>
            {shown.map((change, i) => (
              <Change key={i} change={change} />
            ))}
          </ul>
        </div>
      )}
    </details>
  )
}
