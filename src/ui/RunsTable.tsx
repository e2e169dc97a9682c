// All runs side by side, in columns of what differs between them. They can be searched, sorted, grouped and compared with one of them.
import { Fragment, memo, useMemo } from 'react'
import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import { type RunColumn, columnsFor } from '../store/run-columns'
import { type Run, isTrained } from '../store/run'
import { arranged, bestsOf } from '../store/runs-view'
import { LineSwatch } from './ChartControls'
import { RunButtons } from './RunButtons'
import { RunNotes } from './RunMarks'
import { RunProblems } from './RunProblems'
import { RunsTools, useGroupName } from './RunsTools'
import { SortHead } from './SortHead'
import { Icon } from './icons'
import { useRuns, useStudio } from './studio-context'
import { useText } from './text/text'
import { type ColumnWords, useColumnWords } from './use-column-words'
import type { View } from './view'

/** The runs with the best value of each column, by their ids. */
type Bests = Record<string, readonly string[] | undefined>

/** How the value is beside that of the run that all are compared with. */
function Delta({ run, column, from, words }: { run: Run; column: RunColumn; from: Run; words: ColumnWords }) {
  const t = useText().runs
  const delta = words.delta(column, run, from)
  if (delta === undefined) return null
  const better = column.of === 'figure' ? column.metric.better : undefined
  const isBetter = better && delta.startsWith('+') === (better === 'higher')
  const told = better === undefined ? undefined : isBetter ? t.better : t.worse
  return (
    <span className={told === undefined ? 'delta' : isBetter ? 'delta delta-better' : 'delta delta-worse'} data-testid="delta" title={told}>
      {delta}
      {told && <span className="visually-hidden"> {told}</span>}
    </span>
  )
}

/** Characters of a value that does not fit into a narrow column. */
const longWords = 40

interface RowProps {
  run: Run
  columns: readonly RunColumn[]
  bests: Bests
  baseline: Run | undefined
  words: ColumnWords
  go: (view: View) => void
}

function Cell({ run, column, bests, baseline, words }: RowProps & { column: RunColumn }) {
  const t = useText().runs
  const value = column.value(run)
  const isBest = bests[column.id]?.includes(run.id) ?? false
  const changed = baseline !== undefined && column.of === 'setting' && value !== column.value(baseline)
  const shown = words.value(column, run)
  const isLong = !column.isNumber && shown.length > longWords
  const classes = [column.isNumber && 'number', isLong && 'long-words', isBest && 'best', changed && 'changed'].filter(Boolean).join(' ')
  return (
    <td data-column={column.id} className={classes || undefined} title={isBest ? t.best : undefined}>
      {isBest && <Icon name="check" />}
      {shown}
      {baseline && <Delta run={run} column={column} from={baseline} words={words} />}
    </td>
  )
}

function NameCell({ run, isBaseline }: { run: Run; isBaseline: boolean }) {
  const text = useText()
  const studio = useStudio()
  return (
    <th scope="row">
      <div className="run-name">
        <button
          type="button"
          className="swatch-button"
          aria-pressed={run.visible}
          aria-label={text.charts.show(run.name)}
          onClick={() => studio.runs.toggle(run.id)}
        >
          <LineSwatch colour={run.colour} />
        </button>
        <span className="run-name-words">
          {run.name}
          {isBaseline && <span className="muted"> {text.runs.isBaseline}</span>}
        </span>
      </div>
      <RunNotes run={run} onTag={(tag) => studio.runsView.set({ find: tag })} />
    </th>
  )
}

const RunRow = memo(function RunRow(props: RowProps) {
  const text = useText()
  const { run, columns, baseline, go } = props
  const isBaseline = run.id === baseline?.id
  return (
    <tbody data-testid="run-row" data-status={run.status} data-run={run.id}>
      <tr className={run.visible ? undefined : 'row-hidden'}>
        <NameCell run={run} isBaseline={isBaseline} />
        <td>
          <span className={`pill pill-${run.status}`}>{text.status[run.status]}</span>
        </td>
        {columns.map((column) => (
          <Cell key={column.id} {...props} column={column} baseline={isBaseline ? undefined : baseline} />
        ))}
      </tr>
      <RunButtons run={run} columns={columns.length + 2} go={go} />
    </tbody>
  )
})

/** Settings and facts that all runs share: they have no column. */
function SameForAll({ runs, words }: { runs: readonly Run[]; words: ColumnWords }) {
  const t = useText().runs
  const same = columnsFor(runs).same
  if (runs.length === 0 || same.length === 0) return null
  const valueOf = (column: RunColumn): string => words.value(column, runs.find((run) => column.value(run) !== undefined) ?? runs[0])
  return (
    <details data-testid="runs-same">
      <summary>{runs.length > 1 ? t.sameForAll : t.settings}</summary>
      <dl className="facts facts-small">
        {same.map((column) => (
          <div key={column.id}>
            <dt>{words.head(column)}</dt>
            <dd>{valueOf(column)}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}

function Head({ columns, words }: { columns: readonly RunColumn[]; words: ColumnWords }) {
  const t = useText().runs
  const { runsView } = useStudio()
  const sort = useStore(runsView.store, (s) => s.sort)
  return (
    <thead>
      <tr>
        <th scope="col">{t.run}</th>
        <th scope="col">{t.status}</th>
        {columns.map((column) => (
          <SortHead
            key={column.id}
            name={words.head(column)}
            number={column.isNumber}
            sort={sort?.column === column.id ? sort : undefined}
            onSort={() => runsView.sortBy(column.id)}
          />
        ))}
      </tr>
    </thead>
  )
}

/** `panel`: the run whose panel is on the same page, which says why that run failed. */
export function RunsTable({ go, panel }: { go: (view: View) => void; panel?: string }) {
  const text = useText()
  const studio = useStudio()
  const t = text.runs
  const runs = useRuns().filter(isTrained)
  const view = useStore(studio.runsView.store)
  const words = useColumnWords()
  const groupName = useGroupName()
  // The same objects as long as no column and no best value changes, so that the rows of other runs stay as they are.
  const columns = useStore(
    studio.runs.store,
    useShallow((s) => columnsFor(s.runs.filter(isTrained)).shown),
  )
  const bestText = useStore(studio.runs.store, (s) => JSON.stringify(bestsOf(s.runs.filter(isTrained), columns)))
  const bests = useMemo(() => JSON.parse(bestText) as Bests, [bestText])
  const baseline = runs.find(({ id }) => id === view.baseline)
  const groups = arranged(runs, view, columns)
  return (
    <section className="card card-wide" aria-label={t.title}>
      <header className="row-between">
        <h2>{t.title}</h2>
        {runs.length > 1 && <RunsTools runs={runs} />}
      </header>
      <div className="table-scroll" tabIndex={0} role="group" aria-label={t.title}>
        <table className="table runs-table table-pinned">
          <Head columns={columns} words={words} />
          {groups.map(({ shared, runs: own }) => (
            <Fragment key={shared}>
              {view.group !== 'none' && (
                <tbody>
                  <tr className="group-row">
                    <th scope="rowgroup" colSpan={columns.length + 2}>
                      {groupName(view.group, shared, own)}
                    </th>
                  </tr>
                </tbody>
              )}
              {own.map((run) => (
                <RunRow key={run.id} run={run} columns={columns} bests={bests} baseline={baseline} words={words} go={go} />
              ))}
            </Fragment>
          ))}
        </table>
      </div>
      {groups.length === 0 && <p className="muted">{t.noneFound}</p>}
      <SameForAll runs={runs} words={words} />
      <RunProblems runs={runs} except={panel} />
    </section>
  )
}
