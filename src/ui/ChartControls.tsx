// The legend, and the settings of all charts.
import { useMemo } from 'react'
import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import type { ChartView } from '../store/chart-view'
import { type XAxis, clips, xAxes } from '../store/preferences-store'
import { type Run, isTrained } from '../store/run'
import { RunSparkline } from './RunSparkline'
import { curveColour, curveDash } from './curve-style'
import { usePreferences, useStudio } from './studio-context'
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

type Controls = ChartsOf & {
  view: ChartView
  /** What sets a run apart from the others, in words. */
  differences: (id: string) => string | undefined
}

function Legend({ comparison, view, differences }: Controls) {
  const text = useText()
  const studio = useStudio()
  const keys = useStore(
    studio.runs.store,
    useShallow((s) =>
      s.runs.filter((r) => hasCurves(r, comparison)).map(({ id, name, colour, visible }) => JSON.stringify({ id, name, colour, visible })),
    ),
  )
  const runs = useMemo(() => keys.map((key) => JSON.parse(key) as Pick<Run, 'id' | 'name' | 'colour' | 'visible'>), [keys])
  // A chip has one line, so its words may be cut.
  const labelled = (name: string, words: string | undefined): string => (words === undefined ? name : text.labelled(name, words))
  const light = (lit?: string) => () => view.setState({ lit })
  return (
    <ul className="chips">
      {runs.map((run) => (
        <li key={run.id}>
          <button
            type="button"
            className="chip"
            aria-pressed={run.visible}
            aria-label={labelled(text.charts.show(run.name), differences(run.id))}
            title={labelled(run.name, differences(run.id))}
            onClick={() => studio.runs.toggle(run.id)}
            onPointerEnter={light(run.id)}
            onPointerLeave={light()}
            onFocus={light(run.id)}
            onBlur={light()}
          >
            <LineSwatch colour={run.colour} />
            <span className="chip-words">
              {run.name} <span className="muted">{differences(run.id)}</span>
            </span>
            <RunSparkline id={run.id} />
          </button>
        </li>
      ))}
    </ul>
  )
}

export function ChartControls({ comparison, view, differences }: Controls) {
  const text = useText()
  const studio = useStudio()
  const { smoothing, xAxis, clip } = usePreferences()
  const zoomed = useStore(view, (s) => s.zoom !== undefined)
  const t = text.charts
  // A place on one axis is another place on the next.
  const choose = (axis: XAxis): void => {
    view.setState({ zoom: undefined, pinned: undefined, cursor: undefined })
    studio.preferences.set({ xAxis: axis })
  }
  return (
    <header className="chart-controls">
      <Legend comparison={comparison} view={view} differences={differences} />
      <div className="segments" role="group" aria-label={t.xAxis}>
        {xAxes.map((axis) => (
          <button key={axis} type="button" aria-pressed={xAxis === axis} onClick={() => choose(axis)}>
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
      <label className="slider">
        {t.clip}
        <select
          name="clip"
          title={t.clipHelp}
          value={clip}
          onChange={({ target }) => studio.preferences.set({ clip: clips.find((each) => String(each) === target.value) ?? 0 })}
        >
          {clips.map((each) => (
            <option key={each} value={each}>
              {each === 0 ? t.clipNone : t.clipTo(String(each), String(100 - each))}
            </option>
          ))}
        </select>
      </label>
      {zoomed && (
        <button type="button" className="button-quiet" data-testid="zoom-reset" onClick={() => view.setState({ zoom: undefined })}>
          {t.zoomReset}
        </button>
      )}
    </header>
  )
}
