// What a person does first with an adapter that has just been trained: download it, and chat with it.
import type { ReactNode } from 'react'
import { fitsModel } from '../store/base-fit'
import type { Run } from '../store/run'
import { Icon } from './icons'
import { useModel, useStudio } from './studio-context'
import { useText } from './text/text'
import { useDownload } from './use-download'
import type { View } from './view'

interface Props {
  run: Run
  go: (view: View) => void
  /** What the test ids of the buttons begin with. */
  place: 'guide' | 'run'
  /** What stands behind these buttons. */
  children?: ReactNode
}

export function AdapterButtons({ run, go, place, children }: Props) {
  const text = useText()
  const studio = useStudio()
  const { report } = useModel()
  const download = useDownload()
  const fits = fitsModel(run, report)
  const chat = (): void => {
    studio.play.beside(run.id)
    go('play')
  }
  return (
    <>
      <div className="button-row">
        <button type="button" className="button-primary" data-testid={`${place}-download`} onClick={() => void download(run)}>
          <Icon name="download" />
          {text.demoEnd.download}
        </button>
        <button type="button" className="button" data-testid={`${place}-chat`} disabled={!fits} onClick={chat}>
          <Icon name="chat" />
          {text.runs.talk}
        </button>
        {children}
      </div>
      {!fits && (
        <p className="muted">
          {report?.name === run.model.name ? text.library.otherWeights(run.model.name) : text.library.otherModel(run.model.name)}
        </p>
      )}
    </>
  )
}
