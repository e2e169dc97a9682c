// How the tokens of a run are divided among the experts of its method: a line for each, and the numbers of the newest step.
import { useMemo, useState } from 'react'
import { expertKeys } from '../config/expert-shares'
import { createChartView } from '../store/chart-view'
import { expertSource } from '../store/expert-source'
import { type Run, isOver } from '../store/run'
import { LineSwatch } from './ChartControls'
import { MetricChart } from './MetricChart'
import { curveColour, curveDash } from './curve-style'
import { formatCompact, formatShare } from './format'
import { useStudio } from './studio-context'
import { useText } from './text/text'

/** Nothing for a run without experts. */
export function ExpertsChart({ run }: { run: Run }) {
  const text = useText()
  const t = text.experts
  const { runs } = useStudio()
  const [view] = useState(createChartView)
  const { id, last } = run
  const source = useMemo(
    () => expertSource(runs.store, id, (e) => ({ name: t.expert(String(e + 1)), colour: curveColour(e), dash: curveDash(e) })),
    [runs, id, t],
  )
  const shares = expertKeys.flatMap((key) => last?.[key] ?? [])
  if (!shares.length) return null
  return (
    <figure className="chart" data-testid="experts">
      <figcaption className="chart-head">
        <h3>{t.title}</h3>
      </figcaption>
      <ul className="legend">
        {shares.map((share, e) => (
          <li key={e} data-testid="expert-share">
            <LineSwatch colour={e} />
            {text.labelled(t.expert(String(e + 1)), formatShare(share, 1, text))}
          </li>
        ))}
      </ul>
      <MetricChart
        id="experts"
        label={t.title}
        source={source}
        view={view}
        height={168}
        formatX={(x) => formatCompact(x, text)}
        formatY={(share) => formatShare(share, 1, text)}
        fromZero
        grows={!isOver(run)}
        empty={null}
      />
      <p className="help">{t.help(formatShare(1, shares.length, text))}</p>
    </figure>
  )
}
