// The page explained in short paragraphs, its keys, and what somebody who helps needs to know.
import { useEffect, useRef } from 'react'
import { Diagnostics } from './Diagnostics'
import { formatBytes } from './format'
import { Icon } from './icons'
import { KeyList } from './KeyList'
import { useDevice } from './studio-context'
import { useText } from './text/text'

function GpuSection({ onLeave }: { onLeave: () => void }) {
  const text = useText()
  const { report } = useDevice()
  if (!report) return null
  const leave = (): void => {
    location.hash = 'bench'
    onLeave()
  }
  return (
    <section>
      <h3>{text.help.gpu}</h3>
      <p>
        {text.together([
          text.ended(text.labelled(report.name, text.gpu.buffers(formatBytes(report.maxBufferBytes), formatBytes(report.maxBindingBytes)))),
          report.software ? text.gpu.softwareHelp : '',
        ])}
      </p>
      <p>
        <button type="button" className="button-quiet" onClick={leave}>
          {text.bench.link}
        </button>
      </p>
    </section>
  )
}

export function HelpDialog({ onClose }: { onClose: () => void }) {
  const text = useText()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} aria-labelledby="help-title" className="help-dialog" onClose={onClose}>
      <div className="row-between">
        <h2 id="help-title">{text.help.title}</h2>
        <button type="button" className="button-icon" aria-label={text.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      <KeyList />
      {text.help.sections.map((section) => (
        <section key={section.title}>
          <h3>{section.title}</h3>
          <p>{section.body}</p>
        </section>
      ))}
      <GpuSection onLeave={onClose} />
      <Diagnostics />
    </dialog>
  )
}
