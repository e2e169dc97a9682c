// The set of pictures that is open: what was found, one card for each class, and what can be changed.
import { useState } from 'react'
import { sentence } from '../config/phrase'
import { reportLines } from '../pictures/report'
import { ErrorMessage } from './ErrorMessage'
import { PictureClassCard } from './PictureClassCard'
import { PictureSplit } from './PictureSplit'
import { formatCount } from './format'
import { useBusy, usePictures, useStudio } from './studio-context'
import { useSentence, useText } from './text/text'

/** A choice of a class, with a button. */
function ToClass({ words, label, onChoose }: { words: string; label: string; onChoose: (label: number) => void }) {
  const { bundle } = usePictures()
  const [chosen, setChosen] = useState(0)
  return (
    <span className="button-row">
      <label>
        <span className="visually-hidden">{words}</span>
        <select aria-label={words} data-testid="to-class" value={chosen} onChange={(e) => setChosen(Number(e.target.value))}>
          {bundle?.classes.map((name, i) => (
            <option key={name} value={i}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <button type="button" className="button" data-testid="to-class-button" onClick={() => onChoose(chosen)}>
        {label}
      </button>
    </span>
  )
}

function Selection() {
  const text = useText()
  const t = text.pictures
  const { pictures } = useStudio()
  const { selected, offered } = usePictures()
  if (offered.length)
    return (
      <div className="notice" role="status" data-testid="offered">
        <p>{t.offered(formatCount(offered.length, text))}</p>
        <ToClass words={t.moveTo} label={t.add} onChoose={(label) => void pictures.add(offered, label)} />
        <button type="button" className="button-quiet" onClick={pictures.decline}>
          {text.cancel}
        </button>
      </div>
    )
  if (!selected.size) return <p className="help">{t.hint}</p>
  return (
    <div className="notice selection-bar" role="status" data-testid="selection">
      <p>{t.selected(formatCount(selected.size, text))}</p>
      <ToClass words={t.moveTo} label={t.move} onChoose={(label) => void pictures.move([...selected], label)} />
      <button type="button" className="button" onClick={() => void pictures.remove([...selected])}>
        {t.remove}
      </button>
      <button type="button" className="button-quiet" onClick={() => pictures.select([])}>
        {t.clear}
      </button>
    </div>
  )
}

/** How far all pictures were looked at, and a way to stop it. */
function Looking() {
  const text = useText()
  const t = text.pictures
  const { pictures } = useStudio()
  const { looking, stopped } = usePictures()
  if (looking)
    return (
      <div className="progress-line" data-testid="looking">
        <div className="progress-words">
          <span>{t.looking}</span>
          <span className="muted">{text.train.pictures(formatCount(looking.done, text), formatCount(looking.all, text))}</span>
        </div>
        <div className="progress-row">
          <progress aria-label={t.looking} max={looking.all} value={looking.done} />
          <button type="button" className="button-quiet" onClick={() => void pictures.stop()}>
            {text.cancel}
          </button>
        </div>
      </div>
    )
  if (!stopped) return null
  return (
    <div className="notice">
      <p>{t.stopped}</p>
      <button type="button" className="button-quiet" onClick={() => void pictures.lookAgain()}>
        {t.lookOn}
      </button>
    </div>
  )
}

/** What a person should know, with what can be done about it. */
function Findings({ disabled }: { disabled: boolean }) {
  const text = useText()
  const t = text.pictures
  const inWords = useSentence()
  const { pictures } = useStudio()
  const { report, bundle, stopped } = usePictures()
  if (!report || !bundle) return null
  const lines = reportLines(report)
  const there = new Set(bundle.pictures.map(({ path }) => path))
  const broken = report.refused.map(({ where }) => where).filter((where) => there.has(where))
  const copies = [...new Set(report.sameFile.map(({ b }) => b))].filter((path) => there.has(path))
  if (!lines.length) return stopped ? null : <p className="help">{t.clean}</p>
  return (
    <details className="card findings" open data-testid="findings">
      <summary>{t.findings}</summary>
      <ul>
        {lines.map((line) => (
          <li key={sentence(line)}>{inWords(line)}</li>
        ))}
      </ul>
      {!disabled && (
        <div className="button-row">
          {broken.length > 0 && (
            <button type="button" className="button" onClick={() => void pictures.remove(broken)}>
              {t.removeBroken(formatCount(broken.length, text))}
            </button>
          )}
          {copies.length > 0 && (
            <button type="button" className="button" onClick={() => void pictures.remove(copies)}>
              {t.removeCopies(formatCount(copies.length, text))}
            </button>
          )}
        </div>
      )}
    </details>
  )
}

function NewClass() {
  const t = useText().pictures
  const { pictures } = useStudio()
  const { byClass } = usePictures()
  const [name, setName] = useState('')
  const empty = byClass.some((pictures) => pictures.length === 0)
  return (
    <form
      className="button-row new-class"
      onSubmit={(e) => {
        e.preventDefault()
        if (name.trim()) void pictures.addClass(name)
        setName('')
      }}
    >
      <input
        className="input"
        type="text"
        aria-label={t.className}
        placeholder={t.className}
        value={name}
        onChange={(e) => setName(e.target.value)}
      />
      <button type="submit" className="button" disabled={!name.trim()}>
        {t.addClass}
      </button>
      {empty && (
        <button type="button" className="button-quiet" onClick={() => void pictures.removeEmpty()}>
          {t.removeEmpty}
        </button>
      )}
    </form>
  )
}

/** Cards that are drawn at first. */
const cardsAtOnce = 60

export function PicturesView() {
  const text = useText()
  const t = text.pictures
  const studio = useStudio()
  const { bundle, error } = usePictures()
  const [cards, setCards] = useState(cardsAtOnce)
  const busy = useBusy()
  if (!bundle) return null
  return (
    <div className="view pictures" data-testid="pictures">
      <header className="view-head">
        <h1>{bundle.name}</h1>
        <p className="muted">{t.summary(formatCount(bundle.pictures.length, text), formatCount(bundle.classes.length, text))}</p>
      </header>
      {error && <ErrorMessage message={error} onDismiss={studio.pictures.dismissError} />}
      <PictureSplit disabled={busy} />
      <Looking />
      <Findings disabled={busy} />
      {!busy && <Selection />}
      <div className="class-grid">
        {bundle.classes.slice(0, cards).map((name, label) => (
          <PictureClassCard key={name} name={name} label={label} disabled={busy} />
        ))}
      </div>
      {cards < bundle.classes.length && (
        <button type="button" className="button" onClick={() => setCards(cards + cardsAtOnce)}>
          {t.moreClasses}
        </button>
      )}
      {!busy && <NewClass />}
    </div>
  )
}
