// The legend, and the settings of all charts.
import { type Run, isTrained } from '../store/run'
import { curveColour, curveDash } from './curve-style'
import { usePreferences, useRuns, useStudio } from './studio-context'
import { useText } from './text/text'

export interface ChartsOf {
  /** Only the runs of this comparison. */
  comparison?: string
}

export function hasCurves(run: Run, comparison: string | undefined): boolean {
  return isTrained(run) && (comparison === undefined || run.comparison?.id === comparison)
}

export function LineSwatch({ colour }: { colour: number }) {
  return (
    <svg className="line-swatch" viewBox="0 0 20 4" aria-hidden="true">
      <line x1={0} x2={20} y1={2} y2={2} stroke={curveColour(colour)} strokeDasharray={curveDash(colour)} />
    </svg>
  )
}

function Legend({ comparison }: ChartsOf) {
  const text = useText()
  const studio = useStudio()
  const runs = useRuns().filter((r) => hasCurves(r, comparison))
  return (
    <ul className="chips">
      {runs.map((run) => (
        <li key={run.id}>
          <button
            type="button"
            className="chip"
            aria-pressed={run.visible}
            aria-label={text.charts.show(run.name)}
            onClick={() => studio.runs.toggle(run.id)}
          >
            <LineSwatch colour={run.colour} />
            {run.name}
          </button>
        </li>
      ))}
    </ul>
  )
}

export function ChartControls({ comparison }: ChartsOf) {
  const text = useText()
  const studio = useStudio()
  const { smoothing, xAxis, logLoss } = usePreferences()
  const t = text.charts
  return (
    <header className="chart-controls">
      <Legend comparison={comparison} />
      <div className="segments" role="group" aria-label={t.xAxis}>
        {(['step', 'tokens', 'time'] as const).map((axis) => (
          <button key={axis} type="button" aria-pressed={xAxis === axis} onClick={() => studio.preferences.set({ xAxis: axis })}>
            {t.x[axis]}
          </button>
        ))}
      </div>
      <label className="slider">
        {t.smoothing}
        <input
          type="range"
          min={0}
          max={0.99}
          step={0.01}
          value={smoothing}
          onChange={(e) => studio.preferences.set({ smoothing: Number(e.target.value) })}
        />
        <output>{smoothing.toFixed(2)}</output>
      </label>
      <label className="check">
        <input type="checkbox" checked={logLoss} onChange={(e) => studio.preferences.set({ logLoss: e.target.checked })} />
        {t.log}
      </label>
    </header>
  )
}
