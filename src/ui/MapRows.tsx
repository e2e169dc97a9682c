// The rows on the map as a table, in which they are picked with check boxes.
import { useState } from 'react'
import { type MadeMap, rowAt } from '../store/row-map'
import { formatCount, formatValue } from './format'
import { useOriginText } from './origin-text'
import { useRowMap, useStudio } from './studio-context'
import { useText } from './text/text'

const [shownAtOnce, mostColumns] = [20, 3]

const sorts = ['place', 'loss', 'x', 'y'] as const
type Sort = (typeof sorts)[number]

function sorted({ points }: MadeMap, places: readonly number[], sort: Sort): readonly number[] {
  if (sort === 'place') return places
  // A loss that is not a number comes last.
  const lossAt = (place: number): number => (Number.isNaN(points.losses[place]) ? -Infinity : points.losses[place])
  if (sort === 'loss') return places.toSorted((a, b) => (lossAt(a) === lossAt(b) ? a - b : lossAt(b) - lossAt(a)))
  const at = points[sort]
  return places.toSorted((a, b) => at[a] - at[b])
}

function MappedRow({ made, place, picked }: { made: MadeMap; place: number; picked: boolean }) {
  const text = useText()
  const t = text.workbench.map
  const origin = useOriginText()
  const { rowMap } = useStudio()
  const row = rowAt(made, place)
  return (
    <tr>
      <td>
        <input type="checkbox" aria-label={t.pick(formatCount(place + 1, text))} checked={picked} onChange={() => rowMap.toggle(place)} />
      </td>
      {row.cells.slice(0, mostColumns).map((cell, column) => (
        <td key={column} title={cell} dir="auto">
          {cell}
        </td>
      ))}
      <td>{formatValue(made.points.losses[place])}</td>
      <td>{text.workbench.parts[row.part]}</td>
      <td title={origin(row.origin)}>{origin(row.origin)}</td>
    </tr>
  )
}

function Table({ made, places }: { made: MadeMap; places: readonly number[] }) {
  const text = useText()
  const t = text.workbench
  const { picked } = useRowMap()
  return (
    <div className="map-table" tabIndex={0} role="group" aria-label={t.map.rows}>
      <table className="bench-table" aria-label={t.map.rows} data-testid="map-rows">
        <thead>
          <tr>
            <th scope="col" className="map-pick">
              {t.map.pickColumn}
            </th>
            {made.sample.columns.slice(0, mostColumns).map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
            <th scope="col" className="map-pick">
              {t.map.loss}
            </th>
            <th scope="col" className="bench-part">
              {t.partFilter}
            </th>
            <th scope="col" className="bench-origin">
              {t.origin}
            </th>
          </tr>
        </thead>
        <tbody>
          {places.map((place) => (
            <MappedRow key={place} made={made} place={place} picked={picked.has(place)} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

export function MapRows({ made, places }: { made: MadeMap; places: readonly number[] }) {
  const text = useText()
  const t = text.workbench.map
  const { picked } = useRowMap()
  const [only, setOnly] = useState(true)
  const [sort, setSort] = useState<Sort>('place')
  const [wanted, setFrom] = useState(0)
  const all = sorted(made, only ? places.filter((place) => picked.has(place)) : places, sort)
  const from = wanted < all.length ? wanted : 0
  const end = Math.min(from + shownAtOnce, all.length)
  const n = (count: number): string => formatCount(count, text)
  return (
    <>
      <div className="map-controls">
        <label className="check">
          <input type="checkbox" checked={only} onChange={(e) => setOnly(e.target.checked)} />
          {t.onlyPicked}
        </label>
        <label>
          <span className="help">{t.sort}</span>
          <select value={sort} onChange={(e) => setSort(sorts.find((each) => each === e.target.value) ?? 'place')}>
            {sorts.map((each) => (
              <option key={each} value={each}>
                {t.sorts[each]}
              </option>
            ))}
          </select>
        </label>
      </div>
      {all.length === 0 ? (
        <p className="muted">{t.noneShown}</p>
      ) : (
        <>
          <Table made={made} places={all.slice(from, end)} />
          <div className="button-row">
            <button type="button" className="button-quiet" disabled={from === 0} onClick={() => setFrom(from - shownAtOnce)}>
              {t.before}
            </button>
            <span className="help">{t.page(n(from + 1), n(end), n(all.length))}</span>
            <button type="button" className="button-quiet" disabled={end === all.length} onClick={() => setFrom(end)}>
              {t.after}
            </button>
          </div>
        </>
      )}
    </>
  )
}
