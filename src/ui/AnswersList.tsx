// All answered rows, the wrong ones first: expected answer, base and adapters beside each other. They are shown in pages.
import { useDeferredValue, useMemo, useState } from 'react'
import type { RowAnswers } from '../config/answered-rows'
import { answersCsv } from '../store/answers-csv'
import { type AnswersQuery, decidingScore, gradeOf, listedRows } from '../store/answers-list'
import type { AnswersState } from '../store/answers-state'
import { AnswerMark } from './AnswerMark'
import { AnswerText } from './AnswerText'
import { shownText } from './difference'
import { formatCount } from './format'
import { Icon } from './icons'
import { saveFile } from './save-file'
import { useAnswers } from './studio-context'
import { inWords, useText } from './text/text'

const pageRows = 20
const promptStart = 400

const shows = ['all', 'wrong', 'right', 'differ'] as const

interface ChoiceProps {
  label: string
  value: string
  options: readonly { value: string; label: string }[]
  onChoose: (value: string) => void
}

function Choice({ label, value, options, onChoose }: ChoiceProps) {
  return (
    <select aria-label={label} title={label} value={value} onChange={(e) => onChoose(e.target.value)}>
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  )
}

interface FilterProps {
  query: AnswersQuery
  state: AnswersState
  onQuery: (query: AnswersQuery) => void
}

function Filters({ query, state, onQuery }: FilterProps) {
  const text = useText()
  const t = text.answers
  const { columns, scored } = state
  const scores = scored?.columns[0]?.scores ?? []
  const place = (value: string): number | undefined => (value === '' ? undefined : Number(value))
  return (
    <div className="answers-filters">
      <input
        type="search"
        aria-label={t.search}
        placeholder={t.search}
        value={query.words}
        onChange={(e) => onQuery({ ...query, words: e.target.value })}
      />
      <Choice
        label={t.show}
        value={query.show}
        options={shows.filter((show) => show !== 'differ' || columns.length > 1).map((show) => ({ value: show, label: t.shows[show] }))}
        onChoose={(value) => onQuery({ ...query, show: shows.find((show) => show === value) ?? 'all' })}
      />
      {columns.length > 1 && (
        <Choice
          label={t.of}
          value={String(query.of ?? '')}
          options={[{ value: '', label: t.ofAny }, ...columns.map(({ name }, k) => ({ value: String(k), label: name }))]}
          onChoose={(value) => onQuery({ ...query, of: place(value) })}
        />
      )}
      {scores.length > 1 && (
        <Choice
          label={t.by}
          value={String(query.by ?? decidingScore(state))}
          options={scores.map(({ label }, by) => ({ value: String(by), label: text.labelled(t.by, inWords(label, text)) }))}
          onChoose={(value) => onQuery({ ...query, by: place(value) })}
        />
      )}
    </div>
  )
}

function Prompt({ prompt }: { prompt: string }) {
  const t = useText().answers
  const [whole, setWhole] = useState(false)
  const cut = !whole && prompt.length > promptStart
  return (
    <div className="answer-prompt" dir="auto">
      {shownText(cut ? `${prompt.slice(0, promptStart)}…` : prompt)}
      {cut && (
        <button type="button" className="button-quiet" onClick={() => setWhole(true)}>
          {t.whole}
        </button>
      )}
    </div>
  )
}

function Row({ row, at, by, state }: { row: RowAnswers; at: number; by: number; state: AnswersState }) {
  const text = useText()
  const t = text.answers
  return (
    <li className="answer-row" data-testid="answer-row">
      <p className="help">{t.line(formatCount(row.line, text))}</p>
      <Prompt prompt={row.prompt} />
      <div className="answer-columns">
        <div>
          <h3 className="answer-head">{t.expected}</h3>
          <div className="answer-tokens" dir="auto">
            {shownText(row.expected)}
          </div>
        </div>
        {row.answers.map((answer, k) => (
          <div key={state.columns[k].id}>
            <h3 className="answer-head">
              {state.columns[k].name} <AnswerMark grade={gradeOf(state, at, k, by)} />
            </h3>
            <AnswerText label={t.answerOf(state.columns[k].name)} text={answer.text} pieces={answer.pieces} expected={row.expected} />
            {!answer.complete && <p className="help">{t.cut}</p>}
          </div>
        ))}
      </div>
    </li>
  )
}

function Pages({ page, pages, onPage }: { page: number; pages: number; onPage: (page: number) => void }) {
  const text = useText()
  const t = text.answers
  if (pages < 2) return null
  return (
    <div className="button-row">
      <button type="button" className="button" disabled={page === 0} onClick={() => onPage(page - 1)}>
        {t.earlier}
      </button>
      <span className="help">{t.page(formatCount(page + 1, text), formatCount(pages, text))}</span>
      <button type="button" className="button" disabled={page >= pages - 1} onClick={() => onPage(page + 1)}>
        {t.later}
      </button>
    </div>
  )
}

export function AnswersList() {
  const text = useText()
  const t = text.answers
  const state = useAnswers()
  const { rows } = state
  const [query, setQuery] = useState<AnswersQuery>({ show: 'all', words: '' })
  const [page, setPage] = useState(0)
  const now = useDeferredValue(query)
  const { columns, scored, scoredRows } = state
  // Another set of models or scores may lack the place that was chosen.
  const of = now.of !== undefined && now.of < columns.length ? now.of : undefined
  const by = now.by !== undefined && now.by < (scored?.columns[0]?.scores.length ?? 0) ? now.by : decidingScore({ scored })
  const listed = useMemo(
    () => listedRows({ rows, columns, scored, scoredRows }, { ...now, of, by }),
    [rows, columns, scored, scoredRows, now, of, by],
  )
  const pages = Math.max(1, Math.ceil(listed.length / pageRows))
  const shown = Math.min(page, pages - 1)
  const onQuery = (next: AnswersQuery): void => {
    setQuery(next)
    setPage(0)
  }
  return (
    <section className="card" aria-label={t.list} data-testid="answers-list">
      <header className="row-between">
        <h2>{t.list}</h2>
        <button
          type="button"
          className="button"
          data-testid="answers-csv"
          onClick={() => saveFile('answers.csv', new Blob([answersCsv(state)], { type: 'text/csv' }))}
        >
          <Icon name="download" />
          {t.csv}
        </button>
      </header>
      <Filters query={query} state={state} onQuery={onQuery} />
      <p className="help" role="status" data-testid="answers-found">
        {t.found(formatCount(listed.length, text), formatCount(rows.length, text))}
      </p>
      <p className="help">{t.marks}</p>
      {listed.length === 0 && <p className="muted">{t.nothing}</p>}
      <ol className="answer-rows">
        {listed.slice(shown * pageRows, (shown + 1) * pageRows).map((at) => (
          <Row key={at} row={rows[at]} at={at} by={by} state={state} />
        ))}
      </ol>
      <Pages page={shown} pages={pages} onPage={setPage} />
    </section>
  )
}
