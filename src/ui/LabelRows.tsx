// Labelling: one row, its answer, and what to do with it. Every decision has a key.
import { type KeyboardEvent, useEffect, useRef } from 'react'
import type { Answerer } from '../store/labelling-state'
import { ErrorMessage } from './ErrorMessage'
import { TaskState } from './TaskState'
import { formatCount } from './format'
import { useActivity, useLabelling, useModel, useRuns, useStudio } from './studio-context'
import { useText } from './text/text'

/** Who may suggest answers, by the value of their option. */
function useAnswerers(): Map<string, { answerer: Answerer; label: string }> {
  const t = useText().workbench.label
  const { report } = useModel()
  const runs = useRuns()
  const found = new Map<string, { answerer: Answerer; label: string }>([['', { answerer: { kind: 'nobody' }, label: t.nobody }]])
  if (!report) return found
  found.set('base', { answerer: { kind: 'base', name: report.name }, label: t.base(report.name) })
  for (const { id, name, files } of runs) if (files) found.set(id, { answerer: { kind: 'run', name, runId: id }, label: name })
  return found
}

/** A model is writing the answer. */
const useIsAsking = (): boolean => useActivity().holder === 'labelling'

function AnswererChoice() {
  const t = useText().workbench.label
  const { labelling } = useStudio()
  const { answerer } = useLabelling()
  const asking = useIsAsking()
  const answerers = useAnswerers()
  const value = answerer.kind === 'run' ? answerer.runId : answerer.kind === 'base' ? 'base' : ''
  const choose = (chosen: string): void => {
    const found = answerers.get(chosen)
    if (found) void labelling.choose(found.answerer)
  }
  return (
    <div className="field">
      <label htmlFor="answerer">{t.answerer}</label>
      <select id="answerer" value={value} disabled={asking} onChange={(e) => choose(e.target.value)}>
        {[...answerers].map(([key, { label }]) => (
          <option key={key} value={key}>
            {label}
          </option>
        ))}
      </select>
    </div>
  )
}

function CurrentRow() {
  const t = useText().workbench.label
  const { labelling } = useStudio()
  const { rows, at, draft } = useLabelling()
  const asking = useIsAsking()
  const input = useRef<HTMLTextAreaElement>(null)
  const row = rows[at]
  const key = row?.key
  useEffect(() => {
    if (key !== undefined) input.current?.focus()
  }, [key])
  if (!row) return <p className="muted">{t.noneLeft}</p>
  const onKeyDown = (event: KeyboardEvent): void => {
    const alt: Record<string, () => Promise<void>> = { s: labelling.skip, d: labelling.throwAway, z: labelling.undo }
    const act = event.key === 'Enter' && !event.shiftKey ? labelling.accept : event.altKey ? alt[event.key.toLowerCase()] : undefined
    // Enter also ends the composing of a character.
    if (!act || event.nativeEvent.isComposing) return
    event.preventDefault()
    void act()
  }
  return (
    <>
      <dl className="label-row">
        {row.columns.map(({ name, text }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd dir="auto">{text}</dd>
          </div>
        ))}
      </dl>
      <div className="field">
        <label htmlFor="label-answer">{t.answer}</label>
        <textarea
          ref={input}
          id="label-answer"
          rows={5}
          dir="auto"
          value={draft}
          readOnly={asking}
          aria-describedby="label-keys"
          onKeyDown={onKeyDown}
          onChange={(e) => labelling.write(e.target.value)}
        />
        <p id="label-keys" className="help">
          {asking ? t.asking : t.keys}
        </p>
      </div>
      <div className="button-row">
        <button type="button" className="button-primary" disabled={asking || draft.trim() === ''} onClick={() => void labelling.accept()}>
          {t.accept}
        </button>
        <button type="button" className="button" disabled={asking} onClick={() => void labelling.skip()}>
          {t.skip}
        </button>
        <button type="button" className="button" disabled={asking} onClick={() => void labelling.throwAway()}>
          {t.throwAway}
        </button>
      </div>
    </>
  )
}

export function LabelRows() {
  const text = useText()
  const t = text.workbench.label
  const { labelling } = useStudio()
  const { at, total, given, error } = useLabelling()
  const asking = useIsAsking()
  return (
    <section className="card" aria-label={t.title} data-testid="labelling">
      <header className="card-head">
        <div className="card-title">
          <h2>{t.title}</h2>
          <p className="card-subtitle" role="status">
            {[at < total && t.row(formatCount(at + 1, text), formatCount(total, text)), t.given(formatCount(given.length, text))]
              .filter(Boolean)
              .join(', ')}
          </p>
        </div>
        <button type="button" className="button-quiet" disabled={asking || given.length === 0} onClick={() => void labelling.undo()}>
          {t.undo}
        </button>
        <button type="button" className="button" data-testid="label-end" onClick={() => void labelling.end()}>
          {t.end}
        </button>
      </header>
      <AnswererChoice />
      {error && <ErrorMessage message={error} />}
      <TaskState of={({ kind }) => kind === 'labelling'} />
      <CurrentRow />
    </section>
  )
}
