// The scores of each model that answered, with their intervals, and whether models differ by more than chance.
import { scores as allScores } from '../scores/registry'
import type { ScoreReport } from '../scores/report'
import type { Confusion } from '../scores/classification'
import { formatCount, formatValue } from './format'
import { useAnswers, useStudio } from './studio-context'
import { inWords, useText } from './text/text'

type Figure = ScoreReport['scores'][number]['figures'][number]

const shownFigure = (form: Figure['form'], value: number): string =>
  form === 'share' ? `${(value * 100).toFixed(1)} %` : formatValue(value)

function FigureCell({ figure }: { figure: Figure }) {
  const text = useText()
  const t = text.answers
  const { form, value, interval, other } = figure
  const of = (number: number): string => shownFigure(form, number)
  const difference = other && `${other.difference > 0 ? '+' : ''}${of(other.difference)}`
  return (
    <td className="number">
      {of(value)}
      <div className="help">{t.interval(of(interval[0]), of(interval[1]))}</div>
      {other && <div className={other.sure ? 'answer-sure' : 'help'}>{other.sure ? t.difference(difference!) : t.chance(difference!)}</div>}
    </td>
  )
}

function ConfusionTable({ confusion: { expected, said, counts }, name }: { confusion: Confusion; name: string }) {
  const text = useText()
  const t = text.answers
  return (
    <details>
      <summary>{t.confusion(name)}</summary>
      <p className="help">{t.confusionHelp}</p>
      <div className="table-scroll" tabIndex={0} role="group" aria-label={t.confusion(name)}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t.expected}</th>
              {said.map((label, i) => (
                <th key={i} scope="col" className="number">
                  {label ?? t.otherLabels}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {expected.map((label, i) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                {counts[i].map((count, j) => (
                  <td key={j} className={i === j ? 'number best' : 'number'}>
                    {formatCount(count, text)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}

/** Which scores are counted. One of them always is. */
function Metrics() {
  const text = useText()
  const studio = useStudio()
  const { metrics, scored } = useAnswers()
  const suggested = scored?.suggested ?? []
  const chosen = metrics ?? suggested
  const toggle = (name: string): void => {
    const next = allScores.map((score) => score.name).filter((each) => (each === name ? !chosen.includes(each) : chosen.includes(each)))
    if (next.length) studio.answers.setMetrics(next.join() === suggested.join() ? undefined : next)
  }
  return (
    <div className="chips" role="group" aria-label={text.answers.metrics}>
      {allScores.map(({ name, label, help }) => (
        <button
          key={name}
          type="button"
          className="chip"
          aria-pressed={chosen.includes(name)}
          title={inWords(help, text)}
          onClick={() => toggle(name)}
        >
          {inWords(label, text)}
        </button>
      ))}
    </div>
  )
}

function Against() {
  const t = useText().answers
  const studio = useStudio()
  const { columns, against } = useAnswers()
  return (
    <div className="field comparison-choice">
      <label htmlFor="against">{t.against}</label>
      <select id="against" value={against} onChange={(e) => studio.answers.compareWith(Number(e.target.value))}>
        {columns.map(({ id, name }, k) => (
          <option key={id} value={k}>
            {name}
          </option>
        ))}
      </select>
    </div>
  )
}

export function AnswersScores() {
  const text = useText()
  const t = text.answers
  const { columns, scored, scoredRows, rows, dataName } = useAnswers()
  const count = formatCount(scoredRows, text)
  const about = scoredRows < rows.length ? t.scoresSoFar(count, formatCount(rows.length, text), dataName) : t.scoresOf(count, dataName)
  return (
    <section className="card" aria-label={t.scores} data-testid="answers-scores">
      <header className="card-head">
        <div className="card-title">
          <h2>{t.scores}</h2>
          <p className="card-subtitle">{scored ? about : t.scoring}</p>
        </div>
        {columns.length > 1 && <Against />}
      </header>
      <Metrics />
      {scored && (
        <>
          <div className="table-scroll" tabIndex={0} role="group" aria-label={t.scores}>
            <table className="table table-pinned">
              <thead>
                <tr>
                  <th scope="col">{t.figure}</th>
                  {columns.map(({ id, name }) => (
                    <th key={id} scope="col" className="number">
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {scored.columns[0].scores.map((score, s) =>
                  score.figures.map((figure, f) => (
                    <tr key={figure.key} data-figure={figure.key}>
                      <th scope="row">{inWords(figure.label, text)}</th>
                      {scored.columns.map((column, k) => (
                        <FigureCell key={k} figure={column.scores[s].figures[f]} />
                      ))}
                    </tr>
                  )),
                )}
              </tbody>
            </table>
          </div>
          <p className="help">{t.intervalHelp}</p>
          {scored.confusions?.map((confusion, k) => (
            <ConfusionTable key={columns[k].id} confusion={confusion} name={columns[k].name} />
          ))}
        </>
      )}
    </section>
  )
}
