// Labelling and rewriting: one row, its answer or its prompt in other words, and what to do with it. Every decision has a key.
import { type KeyboardEvent, useEffect, useRef } from 'react'
import { AnswererChoice } from './AnswererChoice'
import { ErrorMessage } from './ErrorMessage'
import { TaskState } from './TaskState'
import { formatCount } from './format'
import { useActivity, useLabelling, useStudio } from './studio-context'
import { useText } from './text/text'

/** A model is writing the answer. */
const useIsAsking = (): boolean => useActivity().holder === 'labelling'

/** The words of what is done: labelling or rewriting. */
function useWords() {
  const { label, rewrite } = useText().workbench
  return useLabelling().job.kind === 'labels' ? label : { ...label, ...rewrite }
}

/** The columns of the row; the prompt that is rewritten is beside its rewrite. */
function Columns() {
  const { rows, at } = useLabelling()
  return (
    <dl className="label-row">
      {rows[at]?.columns.map(({ name, text }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd dir="auto">{text}</dd>
        </div>
      ))}
    </dl>
  )
}

/** What may be done with the row by keys, beside Enter. */
function useKeys(): (event: KeyboardEvent) => void {
  const { labelling } = useStudio()
  const alt: Record<string, () => Promise<void>> = {
    s: labelling.skip,
    d: labelling.throwAway,
    r: labelling.askAgain,
    z: labelling.undo,
  }
  return (event) => {
    const act = event.key === 'Enter' && !event.shiftKey ? labelling.accept : event.altKey ? alt[event.key.toLowerCase()] : undefined
    // Enter also ends the composing of a character.
    if (!act || event.nativeEvent.isComposing) return
    event.preventDefault()
    void act()
  }
}

function Input() {
  const t = useWords()
  const { labelling } = useStudio()
  const { rows, at, draft, suggested, job } = useLabelling()
  const asking = useIsAsking()
  const onKeyDown = useKeys()
  const input = useRef<HTMLTextAreaElement>(null)
  const key = rows[at]?.key
  useEffect(() => {
    if (key !== undefined) input.current?.focus()
  }, [key])
  return (
    <div className="field">
      <label htmlFor="label-answer">{t.answer}</label>
      <textarea
        ref={input}
        id="label-answer"
        rows={5}
        dir="auto"
        value={draft}
        readOnly={asking || (job.kind === 'rewrites' && suggested === undefined)}
        aria-describedby="label-keys"
        onKeyDown={onKeyDown}
        onChange={(e) => labelling.write(e.target.value)}
      />
      <p id="label-keys" className="help">
        {asking ? t.asking : t.keys}
      </p>
    </div>
  )
}

function CurrentRow() {
  const words = useText().workbench.rewrite
  const t = useWords()
  const { labelling } = useStudio()
  const { rows, at, draft, suggested, job } = useLabelling()
  const asking = useIsAsking()
  const row = rows[at]
  if (!row) return <p className="muted">{t.noneLeft}</p>
  const rewriting = job.kind === 'rewrites'
  return (
    <>
      <Columns />
      {rewriting ? (
        <div className="rewrite-pair">
          <dl className="label-row">
            <div>
              <dt>{words.original}</dt>
              <dd dir="auto" data-testid="rewrite-original">
                {row.prompt}
              </dd>
            </div>
          </dl>
          <Input />
        </div>
      ) : (
        <Input />
      )}
      <div className="button-row">
        <button
          type="button"
          className="button-primary"
          disabled={asking || draft.trim() === '' || (rewriting && suggested === undefined)}
          onClick={() => void labelling.accept()}
        >
          {t.accept}
        </button>
        <button type="button" className="button" disabled={asking} onClick={() => void labelling.skip()}>
          {t.skip}
        </button>
        <button type="button" className="button" disabled={asking} onClick={() => void labelling.throwAway()}>
          {t.throwAway}
        </button>
        {rewriting && (
          <button type="button" className="button" disabled={asking} onClick={() => void labelling.askAgain()}>
            {words.askAgain}
          </button>
        )}
      </div>
    </>
  )
}

/** What the model is asked, and how it chooses words. */
function HowAsked() {
  const t = useText().workbench.rewrite
  const { job, again } = useLabelling()
  if (job.kind !== 'rewrites') return null
  const { instruction, temperature, seed } = job.how
  return (
    <details>
      <summary>{t.how(String(temperature), String(seed + again))}</summary>
      <p className="help rewrite-instruction" dir="auto">
        {instruction}
      </p>
    </details>
  )
}

export function LabelRows() {
  const text = useText()
  const t = useWords()
  const { labelling } = useStudio()
  const { at, total, given, error, answerer, job } = useLabelling()
  const asking = useIsAsking()
  return (
    <section className="card" aria-label={t.title} data-testid="labelling">
      <header className="card-head">
        <div className="card-title">
          <h2>{t.title}</h2>
          <p className="card-subtitle" role="status">
            {text.listed([
              ...(at < total ? [t.row(formatCount(at + 1, text), formatCount(total, text))] : []),
              t.given(formatCount(given.length, text)),
            ])}
          </p>
        </div>
        <button type="button" className="button-quiet" disabled={asking || given.length === 0} onClick={() => void labelling.undo()}>
          {t.undo}
        </button>
        <button type="button" className="button" data-testid="label-end" onClick={() => void labelling.end()}>
          {t.end}
        </button>
      </header>
      <AnswererChoice
        id="answerer"
        label={t.answerer}
        answerer={answerer}
        nobody={job.kind === 'labels'}
        disabled={asking}
        onChoose={(chosen) => void labelling.choose(chosen)}
      />
      <HowAsked />
      {error && <ErrorMessage message={error} />}
      <TaskState of={({ kind }) => kind === 'labelling'} />
      <CurrentRow />
    </section>
  )
}
