// The set of pictures in the setup: how many there are, and what is held out.
import { CopyLine } from './CopyLine'
import { PictureSplit } from './PictureSplit'
import { formatCount } from './format'
import { Icon } from './icons'
import { useData, useModel, usePictures } from './studio-context'
import { useText } from './text/text'

const shown = 12

export function PictureDataCard({ disabled }: { disabled: boolean }) {
  const text = useText()
  const t = text.pictures
  const { bundle } = usePictures()
  const { report } = useData()
  const hasModel = useModel().report !== undefined
  if (!bundle) return null
  const n = (value: number): string => formatCount(value, text)
  const classes = report?.pictures?.classes
  return (
    <div className="stack" data-testid={report ? 'data-summary' : undefined}>
      <p>{t.summary(n(bundle.pictures.length), n(bundle.classes.length))}</p>
      {classes && (
        <ul className="class-list">
          {classes.slice(0, shown).map((one) => (
            <li key={one.name}>
              <strong>{one.name}</strong> <span className="muted">{t.ofClass(n(one.pictures), n(one.train), n(one.eval))}</span>
            </li>
          ))}
          {classes.length > shown && <li className="muted">…</li>}
        </ul>
      )}
      {!hasModel && <p className="muted">{t.unread}</p>}
      <a className="button" href="#data">
        <Icon name="eye" />
        {t.look}
      </a>
      <PictureSplit disabled={disabled} />
      {report && <CopyLine of="data" />}
    </div>
  )
}
