// All runs side by side; the best values among the shown ones are marked.
import { type Run, adapterBytes, finalEval, isOver, isTrained } from '../store/run'
import { LineSwatch } from './ChartControls'
import { NameInput } from './NameInput'
import { RunActions } from './RunActions'
import { formatBytes, formatCompact, formatShare, formatValue } from './format'
import { Icon } from './icons'
import { useRuns, useStudio } from './studio-context'
import type { Text } from './text/en'
import { useText } from './text/text'

/** A run under way may still be measured. */
const unmeasured = (run: Run, text: Text): string => (isOver(run) ? text.runs.notMeasured : text.runs.none)

/** The adapter's share, with the base's beside it; the base's alone says nothing about the run. */
function exactShare(run: Run, text: Text): string {
  const share = (m: { matched: number; rows: number } | undefined): string | undefined => m && formatShare(m.matched, m.rows, text)
  const before = share(run.exactMatch?.before)
  const after = share(run.exactMatch?.after)
  if (!after) return unmeasured(run, text)
  return before ? text.runs.beforeAfter(before, after) : after
}

const finalLoss = (run: Run): number | undefined => run.summary?.finalLoss ?? run.last?.loss
const bestLoss = (run: Run): number | undefined => run.summary?.bestLoss ?? run.bestLoss
const finalPerplexity = (run: Run): number | undefined => finalEval(run)?.evalPerplexity
const bestPerplexity = (run: Run): number | undefined => (run.summary?.bestEval ?? run.bestEval)?.evalPerplexity
const measured = [finalLoss, bestLoss, finalPerplexity, bestPerplexity]

/** The lowest value of each measure among the shown runs; nothing to mark where there is only one. */
function bests(runs: Run[]): (number | undefined)[] {
  const shown = runs.filter((r) => r.visible)
  if (shown.length < 2) return measured.map(() => undefined)
  return measured.map((measure) => {
    const values = shown.map(measure).filter((v): v is number => v !== undefined && Number.isFinite(v))
    return values.length > 1 ? Math.min(...values) : undefined
  })
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

function RunRow({ run, best }: { run: Run; best: (number | undefined)[] }) {
  const text = useText()
  const memory = run.summary?.memory ?? run.memory
  const none = text.runs.none
  const speed = run.summary?.tokensPerSecond ?? run.last?.tokensPerSecond
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
      <td className="number">{memory ? formatBytes(run.summary?.peakGpuBytes ?? memory.totalBytes) : none}</td>
      <td className="number">{speed === undefined ? none : formatCompact(speed, text)}</td>
      {measured.map((measure, i) => {
        const value = measure(run)
        const isBest = value !== undefined && run.visible && value === best[i]
        return (
          <td key={i} className={isBest ? 'number best' : 'number'} title={isBest ? text.runs.best : undefined}>
            {isBest && <Icon name="check" />}
            {value === undefined ? unmeasured(run, text) : formatValue(value)}
          </td>
        )
      })}
      <td className="number">{exactShare(run, text)}</td>
      <td className="number">{size === undefined ? none : formatBytes(size)}</td>
      <td>
        <RunActions run={run} />
      </td>
    </tr>
  )
}

export function RunsTable() {
  const text = useText()
  const runs = useRuns().filter(isTrained)
  const t = text.runs
  const best = bests(runs)
  const columns = [t.trainable, t.memory, t.speed, t.finalLoss, t.bestLoss, t.finalPerplexity, t.bestPerplexity, t.exactMatch, t.adapter]
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
              <RunRow key={run.id} run={run} best={best} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
