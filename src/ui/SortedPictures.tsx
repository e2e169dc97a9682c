// The held-out pictures as a model sorts them: a confusion matrix that a person can click, and the wrong pictures first.
import { useCallback } from 'react'
import { baseColumn } from '../store/play-state'
import { confusionOf, likeliest, picturesOf } from '../store/sorting-store'
import type { SortedPictures as Sorted } from '../worker/api'
import { ContextWordsCard } from './ContextWordsCard'
import { EmptyState } from './EmptyState'
import { ErrorMessage } from './ErrorMessage'
import { PictureThumb } from './PictureThumb'
import { Probabilities } from './Probabilities'
import { ProgressLine } from './ProgressLine'
import { formatCount, formatShare } from './format'
import { Icon } from './icons'
import { useBusy, useData, useModel, useRuns, useSetup, useSorting, useStudio } from './studio-context'
import { useText } from './text/text'
import type { View } from './view'

/** Pictures that are listed at most. */
const shown = 60

function Matrix({ sorted }: { sorted: Sorted }) {
  const t = useText().pictures.sorted
  const { sorting } = useStudio()
  const { cell } = useSorting()
  const counts = confusionOf(sorted)
  const { classes } = sorted
  return (
    <div className="matrix-frame" tabIndex={0} role="group" aria-label={t.matrix}>
      <table className="matrix" data-testid="confusion">
        <thead>
          <tr>
            <th scope="col">{t.truth}</th>
            {classes.map((name) => (
              <th key={name} scope="col" title={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {counts.map((row, truth) => (
            <tr key={classes[truth]}>
              <th scope="row">{classes[truth]}</th>
              {row.map((count, said) => (
                <td key={classes[said]}>
                  <button
                    type="button"
                    className={count === 0 ? undefined : truth === said ? 'right' : 'wrong'}
                    disabled={count === 0}
                    aria-pressed={cell?.truth === truth && cell.said === said}
                    aria-label={t.cell(classes[truth], classes[said], String(count))}
                    data-testid={`cell-${truth}-${said}`}
                    onClick={() => sorting.show(cell?.truth === truth && cell.said === said ? undefined : { truth, said })}
                  >
                    {count}
                  </button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Listed({ sorted }: { sorted: Sorted }) {
  const text = useText()
  const t = text.pictures.sorted
  const studio = useStudio()
  const { cell } = useSorting()
  const load = useCallback((path: string, signal: AbortSignal) => studio.pictures.thumbnail(path, signal), [studio])
  const { classes } = sorted
  const all = picturesOf(sorted, cell)
  const title = cell ? t.ofCell(classes[cell.truth], classes[cell.said]) : t.allWrong
  return (
    <section className="card" aria-label={t.wrong} data-testid="sorted-list">
      <h2>{title}</h2>
      {all.length === 0 && <p>{t.noWrong}</p>}
      <ul className="sorted-list">
        {all.slice(0, shown).map(({ path, label, probabilities }) => (
          <li key={path} title={path}>
            <PictureThumb path={path} load={load} />
            <div className="stack-small">
              <p>
                <span className="muted">{t.said}</span> {classes[likeliest(probabilities)]}
                <br />
                <span className="muted">{t.is}</span> {label === undefined ? '' : classes[label]}
              </p>
              <Probabilities classes={classes} probabilities={probabilities} truth={label} />
            </div>
          </li>
        ))}
      </ul>
      {all.length > shown && <p className="muted">{text.pictures.range('1', formatCount(shown, text), formatCount(all.length, text))}</p>}
    </section>
  )
}

export function SortedPictures({ go }: { go: (view: View) => void }) {
  const text = useText()
  const t = text.pictures.sorted
  const { sorting } = useStudio()
  const { by, sorted, running, progress, error } = useSorting()
  const model = useModel().report
  const report = useData().report
  const busy = useBusy()
  const { methods } = useSetup()
  const runs = useRuns().filter((run) => run.files !== undefined)
  if (!model || !report?.evalRows)
    return <EmptyState icon="answers" title={t.title} body={t.none} action={text.answers.emptyAction} onAction={() => go('setup')} />
  const method = runs.find(({ id }) => id === by)?.config.method
  const learns = methods.find(({ name }) => name === method)?.learnsContext === true
  const right = sorted?.pictures.filter(({ label, probabilities }) => label === likeliest(probabilities)).length ?? 0
  const all = sorted?.pictures.length ?? 0
  return (
    <>
      <section className="card" aria-label={t.title} data-testid="sorted-form">
        <h2>{t.title}</h2>
        <p className="muted">{t.lead}</p>
        <div className="field">
          <label htmlFor="sorted-by">{t.model}</label>
          <select id="sorted-by" value={by} disabled={busy} onChange={(e) => void sorting.sort(e.target.value)}>
            <option value={baseColumn}>{t.base(model.name)}</option>
            {runs.toReversed().map((run) => (
              <option key={run.id} value={run.id}>
                {run.name}
              </option>
            ))}
          </select>
        </div>
        <div className="button-row">
          <button
            type="button"
            className="button-primary"
            data-testid="sort-pictures"
            disabled={busy}
            onClick={() => void sorting.sort(by)}
          >
            <Icon name="play" />
            {t.run}
          </button>
        </div>
        {running === 'sorting' && <ProgressLine label={t.working} progress={progress} onCancel={() => void sorting.stop()} />}
        {error && <ErrorMessage message={error} onDismiss={sorting.dismiss} />}
        {sorted && (
          <p data-testid="sorted-accuracy">{t.accuracy(formatCount(right, text), formatCount(all, text), formatShare(right, all, text))}</p>
        )}
      </section>
      {sorted && (
        <section className="card" aria-label={t.matrix}>
          <h2>{t.matrix}</h2>
          <p className="help">{t.matrixHelp}</p>
          <Matrix sorted={sorted} />
        </section>
      )}
      {sorted && <Listed sorted={sorted} />}
      {learns && <ContextWordsCard />}
    </>
  )
}
