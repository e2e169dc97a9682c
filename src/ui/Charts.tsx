// All curves of the shown runs: one chart for each metric that has one.
import { useCallback, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import { isMeasured, metrics } from '../config/metrics'
import { kindOfFamily } from '../formats/families/registry'
import { createChartView } from '../store/chart-view'
import type { ChartedMetric, RunLook } from '../store/plot-source'
import { isOver } from '../store/run'
import { ChartControls, type ChartsOf, hasCurves } from './ChartControls'
import { ChartFigure } from './ChartFigure'
import { RunSparkline } from './RunSparkline'
import { curveColour, curveDash } from './curve-style'
import { useStudio } from './studio-context'
import { useText } from './text/text'
import { useDifferences } from './use-differences'

const charted = metrics.filter((m) => m.of !== 'answers').filter((m) => m.chart)
const heights = { large: 280, small: 168 }

/** The shown runs' looks; the same array as long as none of them changes, however often the runs themselves do. */
function useLooks(comparison: string | undefined): RunLook[] {
  const studio = useStudio()
  const keys = useStore(
    studio.runs.store,
    useShallow((s) =>
      s.runs
        .filter((r) => r.visible && hasCurves(r, comparison))
        .map(({ id, name, colour, status }) =>
          JSON.stringify({ id, name, colour: curveColour(colour), dash: curveDash(colour), failed: status === 'failed' } satisfies RunLook),
        ),
    ),
  )
  return useMemo(() => keys.map((key) => JSON.parse(key) as RunLook), [keys])
}

/** Whether a shown run still trains, so that its curves grow. */
function useGrowing(comparison: string | undefined): boolean {
  return useStore(useStudio().runs.store, (s) => s.runs.some((r) => r.visible && hasCurves(r, comparison) && !isOver(r)))
}

/** Beside a value of the run: its loss in a thumbnail, and what sets it apart from the others. */
function RunAbout({ id, words }: { id: string; words: string | undefined }) {
  return (
    <>
      <RunSparkline id={id} />
      {words && <span className="muted tip-about">{words}</span>}
    </>
  )
}

/** The charts of all runs, or those of a comparison. */
export function Charts({ comparison }: ChartsOf) {
  const text = useText()
  const looks = useLooks(comparison)
  const grows = useGrowing(comparison)
  const differences = useDifferences(comparison)
  const about = useCallback((id: string) => <RunAbout id={id} words={differences(id)} />, [differences])
  const [view] = useState(createChartView)
  const t = text.charts
  const trained = useStore(useStudio().runs.store, (s) => s.runs.some((r) => r.visible && hasCurves(r, comparison) && r.last !== undefined))
  const none = looks.length === 0 ? t.noRuns : grows ? undefined : t.nothing
  const waitingFor = ({ key, of }: ChartedMetric): string => {
    if (key === 'hostBytes' && trained) return t.noMainMemory
    return none ?? (of === 'evaluation' ? t.waitingEval : t.waiting)
  }
  const kinds = useStore(
    useStudio().runs.store,
    useShallow((s) => [...new Set(s.runs.filter((r) => r.visible && hasCurves(r, comparison)).map((r) => kindOfFamily(r.model.family)))]),
  )
  const known = charted.filter((m) => (kinds.length ? kinds : ['text' as const]).some((kind) => isMeasured(m, kind)))
  const shown = comparison === undefined ? known : known.filter((m) => m.chart?.compared)
  const chart = (metric: ChartedMetric, height: number) => (
    <ChartFigure
      key={metric.key}
      metric={metric}
      looks={looks}
      grows={grows}
      view={view}
      about={about}
      height={height}
      brush={metric.chart?.size === 'large'}
      waiting={waitingFor(metric)}
    />
  )
  return (
    <section className="card" aria-label={t.title}>
      <ChartControls comparison={comparison} view={view} differences={differences} />
      {shown.filter((m) => m.chart?.size === 'large').map((m) => chart(m, heights.large))}
      <div className={comparison === undefined ? 'chart-grid' : 'stack'}>
        {shown.filter((m) => m.chart?.size === 'small').map((m) => chart(m, comparison === undefined ? heights.small : heights.large))}
      </div>
    </section>
  )
}
