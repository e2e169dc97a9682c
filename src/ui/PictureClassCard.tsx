// One class of a set of pictures: how many there are, and the pictures, a page at a time.
import { useCallback, useState } from 'react'
import { FileButton } from './FileButton'
import { PictureThumb } from './PictureThumb'
import { formatCount } from './format'
import { Icon } from './icons'
import { useData, usePicturesOfClass, useSelectedPictures, useStudio } from './studio-context'
import { useText } from './text/text'

const perPage = 24

function Pager({ first, all, onFirst }: { first: number; all: number; onFirst: (first: number) => void }) {
  const text = useText()
  const t = text.pictures
  if (all <= perPage) return null
  const n = (value: number): string => formatCount(value, text)
  return (
    <div className="button-row">
      <button type="button" className="button-quiet" disabled={first === 0} onClick={() => onFirst(Math.max(0, first - perPage))}>
        {t.earlier}
      </button>
      <span className="muted">{t.range(n(first + 1), n(Math.min(all, first + perPage)), n(all))}</span>
      <button type="button" className="button-quiet" disabled={first + perPage >= all} onClick={() => onFirst(first + perPage)}>
        {t.later}
      </button>
    </div>
  )
}

export function PictureClassCard({ name, label, disabled }: { name: string; label: number; disabled: boolean }) {
  const text = useText()
  const t = text.pictures
  const { pictures: studio } = useStudio()
  const all = usePicturesOfClass(label) ?? []
  const selected = useSelectedPictures()
  const counts = useData().report?.pictures?.classes[label]
  const [first, setFirst] = useState(0)
  const load = useCallback((path: string, signal: AbortSignal) => studio.thumbnail(path, signal), [studio])
  const from = first < all.length ? first : 0
  const n = (value: number): string => formatCount(value, text)
  return (
    <section className="card class-card" aria-label={name} data-testid="class-card" data-class={name}>
      <header className="card-head">
        <div className="card-title">
          <h2>{name}</h2>
          <p className="card-subtitle">{counts ? t.ofClass(n(all.length), n(counts.train), n(counts.eval)) : t.count(n(all.length))}</p>
        </div>
        {!disabled && (
          <FileButton
            label={t.addTo(name)}
            testId="class-input"
            className="button-quiet"
            multiple
            accept="image/*"
            onFiles={(files) => void studio.add(files, label)}
          >
            <Icon name="plus" />
            {t.add}
          </FileButton>
        )}
      </header>
      <ul className="thumbs">
        {all.slice(from, from + perPage).map(({ path }) => (
          <li key={path}>
            <button
              type="button"
              className="thumb"
              title={path}
              aria-label={t.select(path)}
              aria-pressed={selected.has(path)}
              disabled={disabled}
              data-testid="thumb"
              onClick={() => studio.toggle(path)}
            >
              <PictureThumb path={path} load={load} />
            </button>
          </li>
        ))}
      </ul>
      <Pager first={from} all={all.length} onFirst={setFirst} />
    </section>
  )
}
