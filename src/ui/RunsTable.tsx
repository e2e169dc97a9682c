// All runs side by side; the best values among the shown ones are marked.
import { memo, useMemo } from 'react'
import { useStore } from 'zustand'
import { type Column, type Figures, bestOf, columnsOf } from '../config/figures'
import { kindOfFamily } from '../formats/families/registry'
import { type Run, adapterBytes, figuresOf, isOver, isTrained } from '../store/run'
import { LineSwatch } from './ChartControls'
import { NameInput } from './NameInput'
import { RunActions } from './RunActions'
import { formatBytes, formatCompact, formatMetric, formatShare } from './format'
import { Icon } from './icons'
import { useRuns, useStudio } from './studio-context'
import type { Text } from './text/en'
import { useSentence, useText } from './text/text'

/** A run that has not ended may still be measured. */
const unmeasured = (run: Run, text: Text): string => (isOver(run) ? text.runs.notMeasured : text.runs.none)

/** The adapter's share, with the base's beside it; the base's alone says nothing about the run. */
function exactShare(run: Run, text: Text): string {
  const share = (m: { matched: number; rows: number } | undefined): string | undefined => m && formatShare(m.matched, m.rows, text)
  const before = share(run.exactMatch?.before)
  const after = share(run.exactMatch?.after)
  if (!after) return unmeasured(run, text)
  return before ? text.runs.beforeAfter(before, after) : after
}

const { describing, ranking: everyRanking } = columnsOf('runs')

/** The figures that runs on models of these kinds are ranked by. */
const rankingOf = (kinds: readonly string[]): readonly Column[] =>
  everyRanking.filter(({ metric }) => metric.kind === undefined || kinds.includes(metric.kind))

/** The best value of each figure that runs are ranked by among the shown ones; nothing to mark where only one has a value. */
function bests(runs: Run[], ranking: readonly Column[]): Figures {
  const shown = runs.filter((r) => r.visible).map(figuresOf)
  const marked = ranking.filter(({ figure }) => shown.filter((f) => Number.isFinite(f[figure.key])).length > 1)
  return Object.fromEntries(
    marked.map(({ figure, metric }) => [
      figure.key,
      bestOf(
        metric.better,
        shown.map((f) => f[figure.key]),
      ),
    ]),
  )
}

interface CellProps {
  run: Run
  column: Column
  value: number | undefined
  best: number | undefined
}

function RankedCell({ run, column: { figure, metric }, value, best }: CellProps) {
  const text = useText()
  if (figure.key === 'exactMatch') return <td className="number">{exactShare(run, text)}</td>
  const isBest = value !== undefined && run.visible && value === best
  return (
    <td className={isBest ? 'number best' : 'number'} title={isBest ? text.runs.best : undefined}>
      {isBest && <Icon name="check" />}
      {value === undefined ? unmeasured(run, text) : formatMetric(metric, value, text)}
    </td>
  )
}

function NameCell({ run }: { run: Run }) {
  const text = useText()
  const studio = useStudio()
  return (
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
      <NameInput run={run} />
    </div>
  )
}

const RunRow = memo(function RunRow({ run, ranking, best }: { run: Run; ranking: readonly Column[]; best: Figures }) {
  const text = useText()
  const memory = run.summary?.memory ?? run.memory
  // A trainer on the CPU has no peak of graphics memory.
  const peakBytes = run.summary?.peakGpuBytes ?? memory?.totalBytes
  const none = text.runs.none
  const figures = figuresOf(run)
  const size = adapterBytes(run)
  return (
    <tr data-testid="run-row" data-status={run.status} data-run={run.id} className={run.visible ? undefined : 'row-hidden'}>
      <th scope="row">
        <NameCell run={run} />
      </th>
      <td>
        <span className={`pill pill-${run.status}`}>{text.status[run.status]}</span>
      </td>
      <td className="number">
        {memory
          ? `${formatCompact(memory.trainableParameters, text)} (${formatShare(memory.trainableParameters, memory.totalParameters, text)})`
          : none}
      </td>
      <td className="number">{peakBytes ? formatBytes(peakBytes) : none}</td>
      {describing.map(({ figure: { key }, metric }) => (
        <td key={key} className="number">
          {formatMetric(metric, figures[key], text)}
        </td>
      ))}
      {ranking.map((column) => {
        const { key } = column.figure
        return <RankedCell key={key} run={run} column={column} value={figures[key]} best={best[key]} />
      })}
      <td className="number">{size === undefined ? none : formatBytes(size)}</td>
      <td>
        <RunActions run={run} />
      </td>
    </tr>
  )
})

export function RunsTable() {
  const text = useText()
  const inWords = useSentence()
  const runs = useRuns().filter(isTrained)
  const t = text.runs
  // The same objects as long as no column and no best value changes, so that the rows of other runs stay as they are.
  const kinds = useStore(useStudio().runs.store, (s) =>
    [...new Set(s.runs.filter(isTrained).map(({ model }) => kindOfFamily(model.family)))].sort().join(),
  )
  const ranking = useMemo(() => rankingOf(kinds.split(',')), [kinds])
  const bestText = useStore(useStudio().runs.store, (s) => JSON.stringify(bests(s.runs.filter(isTrained), ranking)))
  const best = useMemo(() => JSON.parse(bestText) as Figures, [bestText])
  const columns = [t.trainable, t.memory, ...[...describing, ...ranking].map(({ figure }) => inWords(figure.label)), t.adapter]
  return (
    <section className="card" aria-label={t.title}>
      <h2>{t.title}</h2>
      <div className="table-scroll" tabIndex={0} role="group" aria-label={t.title}>
        <table className="table runs-table">
          <thead>
            <tr>
              <th scope="col">{t.run}</th>
              <th scope="col">{t.status}</th>
              {columns.map((name) => (
                <th key={name} scope="col" className="number">
                  {name}
                </th>
              ))}
              <th scope="col">{t.actions}</th>
            </tr>
          </thead>
          <tbody>
            {runs.toReversed().map((run) => (
              <RunRow key={run.id} run={run} ranking={ranking} best={best} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
