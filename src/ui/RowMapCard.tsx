// The map of the workbench's rows: how it is made, the points and their colours, and what is picked.
import { useMemo } from 'react'
import { mostMapped } from '../config/row-map'
import { type MadeMap, type MapColour, type RowClasses, basisOf, classesOf, inside, pickedKeys, pointsLeft } from '../store/row-map'
import { MapRows } from './MapRows'
import { NumberInput } from './NumberInput'
import { RowChart } from './RowChart'
import { TaskState } from './TaskState'
import { formatCount, formatDuration, formatShare, formatValue } from './format'
import { shapePath } from './row-canvas'
import { useBusy, useModel, useRowMap, useStudio, useWorkbench } from './studio-context'
import { useText } from './text/text'
import type { View } from './view'

function MakeMap({ made, go }: { made: boolean; go: (view: View) => void }) {
  const text = useText()
  const t = text.workbench.map
  const { rowMap } = useStudio()
  const { count, seed } = useRowMap()
  const { stale, work } = useWorkbench()
  const hasModel = useModel().report !== undefined
  const busy = useBusy()
  if (!hasModel)
    return (
      <div className="row-between">
        <p className="muted">{t.needsModel}</p>
        <button type="button" className="button" onClick={() => go('setup')}>
          {t.toModel}
        </button>
      </div>
    )
  const fits = Number.isInteger(count) && Number.isInteger(seed)
  return (
    <form
      className="map-controls"
      onSubmit={(e) => {
        e.preventDefault()
        void rowMap.make()
      }}
    >
      <label>
        <span className="help">{t.count}</span>
        <NumberInput value={count} min={1} max={mostMapped} step={100} whole strict onValue={(value) => rowMap.choose({ count: value })} />
      </label>
      <label>
        <span className="help">{t.seed}</span>
        <NumberInput value={seed} min={0} max={2 ** 31} step={1} whole strict onValue={(value) => rowMap.choose({ seed: value })} />
      </label>
      <button type="submit" className="button" data-testid="map-make" disabled={!fits || busy || stale || work !== undefined}>
        {made ? t.again : t.make}
      </button>
    </form>
  )
}

/** What the points are coloured by, as the value of an option. */
const keyOf = ({ by, column }: MapColour): string => (by === 'column' ? `column ${column}` : by)

function ColourChoice({ columns }: { columns: readonly string[] }) {
  const t = useText().workbench.map
  const { rowMap } = useStudio()
  const { colour } = useRowMap()
  const own = (['part', 'origin', 'loss'] as const).map((by) => ({ colour: { by }, label: t.colours[by] }))
  const choices: { colour: MapColour; label: string }[] = [
    ...own,
    ...columns.map((column) => ({ colour: { by: 'column' as const, column }, label: t.column(column) })),
  ]
  const choose = (key: string): void => {
    const found = choices.find((choice) => keyOf(choice.colour) === key)
    if (found) rowMap.choose({ colour: found.colour })
  }
  return (
    <label>
      <span className="help">{t.colour}</span>
      <select value={keyOf(colour)} data-testid="map-colour" onChange={(e) => choose(e.target.value)}>
        {choices.map((choice) => (
          <option key={keyOf(choice.colour)} value={keyOf(choice.colour)}>
            {choice.label}
          </option>
        ))}
      </select>
    </label>
  )
}

/** Values have colours of their own; losses go from one colour to another. */
function coloursOf({ by }: MapColour, { classes }: RowClasses): string[] {
  if (by !== 'loss') return classes.map((_, i) => `var(--series-${i + 1})`)
  return classes.map((_, i) => `color-mix(in oklab, var(--series-2) ${(100 * i) / Math.max(1, classes.length - 1)}%, var(--series-1))`)
}

function Legend({ found, colours }: { found: RowClasses; colours: readonly string[] }) {
  const text = useText()
  const { map: t, parts } = text.workbench
  const { by } = useRowMap().colour
  const nameOf = (value: string): string => (by === 'part' ? parts[value === 'train' ? 'train' : 'evaluation'] : value || t.empty)
  const items = found.classes.map(({ value, from = 0, to, count }) => ({
    name: to === undefined ? nameOf(value ?? '') : t.range(formatValue(from), formatValue(to)),
    count,
  }))
  const all = found.others > 0 ? [...items, { name: t.others, count: found.others }] : items
  return (
    <ul className="map-legend" aria-label={t.legend} data-testid="map-legend">
      {all.map(({ name, count }, i) => (
        <li key={i}>
          <svg width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true">
            <path d={shapePath(i < items.length ? i : -1)} fill={colours[i] ?? 'var(--muted)'} />
          </svg>
          <span>{name}</span> <span className="muted">{formatCount(count, text)}</span>
        </li>
      ))}
    </ul>
  )
}

function About({ made }: { made: MadeMap }) {
  const text = useText()
  const t = text.workbench.map
  const { files, recipe } = useWorkbench()
  const basis = useMemo(() => basisOf({ files, recipe }), [files, recipe])
  const { points, sample, model } = made
  const n = (count: number): string => formatCount(count, text)
  const [first, second] = points.shares.map((share) => formatShare(share, 1, text))
  return (
    <>
      <p className="help" data-testid="map-about">
        {text.together([
          t.made(n(points.lines.length), n(sample.total), model, formatDuration(points.timeMs, text)),
          t.shares(first, second),
          points.leftOut > 0 ? t.leftOut(n(points.leftOut)) : '',
        ])}
      </p>
      {basis !== made.basis && <p className="notice notice-warning">{t.stale}</p>}
    </>
  )
}

function Picked({ picked }: { picked: number }) {
  const text = useText()
  const t = text.workbench.map
  const { rowMap } = useStudio()
  return (
    <div className="row-between">
      <p role="status" data-testid="map-picked">
        {t.picked(formatCount(picked, text))}
      </p>
      <div className="button-row button-row-flush">
        <button type="button" className="button-quiet" disabled={picked === 0} onClick={() => rowMap.pick([])}>
          {t.none}
        </button>
        <button type="button" className="button" data-testid="map-drop" disabled={picked === 0} onClick={rowMap.drop}>
          {t.drop(formatCount(picked, text))}
        </button>
      </div>
    </div>
  )
}

function Map({ made }: { made: MadeMap }) {
  const t = useText().workbench.map
  const { rowMap } = useStudio()
  const { picked, colour } = useRowMap()
  const { recipe } = useWorkbench()
  const places = useMemo(() => pointsLeft(made, pickedKeys(recipe.now)), [made, recipe])
  const found = useMemo(() => classesOf(made, colour), [made, colour])
  const colours = useMemo(() => coloursOf(colour, found), [colour, found])
  const points = useMemo(() => {
    const at = (values: readonly number[]): number[] => places.map((place) => values[place])
    return { xs: at(made.points.x), ys: at(made.points.y), of: at(found.of), picked: places.map((place) => picked.has(place)) }
  }, [made, places, found, picked])
  return (
    <>
      <About made={made} />
      <div className="map-controls">
        <ColourChoice columns={made.sample.columns} />
        <Legend found={found} colours={colours} />
      </div>
      <RowChart
        points={points}
        all={made.points}
        colours={colours}
        label={t.chart}
        describedBy="map-keys"
        onPick={(rectangle, add) => rowMap.pick(inside(made.points, places, rectangle), add)}
        onToggle={(index) => rowMap.toggle(places[index])}
      />
      <p id="map-keys" className="help">
        {t.keys}
      </p>
      <Picked picked={picked.size} />
      <MapRows made={made} places={places} />
    </>
  )
}

export function RowMapCard({ go }: { go: (view: View) => void }) {
  const t = useText().workbench.map
  const { made } = useRowMap()
  return (
    <section className="card" aria-label={t.title} data-testid="row-map">
      <header className="card-head">
        <div className="card-title">
          <h2>{t.title}</h2>
          <p className="card-subtitle">{t.help}</p>
        </div>
      </header>
      <MakeMap made={made !== undefined} go={go} />
      <TaskState of={({ kind }) => kind === 'mapping'} />
      {made && <Map made={made} />}
    </section>
  )
}
