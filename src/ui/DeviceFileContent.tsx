// The result of a benchmark as a file: shown as it will be, then saved.
import { useState } from 'react'
import type { BenchReport } from '../config/bench-report'
import { deviceFile, deviceFileName, deviceFileText, mostDeviceName } from '../config/device-file'
import { Icon } from './icons'
import { saveFile } from './save-file'
import { useText } from './text/text'

/** The file that would be saved, word for word. */
export function DeviceFileContent({ report, at }: { report: BenchReport; at: Date }) {
  const t = useText().bench.file
  const [device, setDevice] = useState('')
  const file = deviceFile(report, device, at)
  if (!file) return null
  const content = deviceFileText(file)
  return (
    <section className="card stack" aria-label={t.title}>
      <h2>{t.title}</h2>
      <p className="help">{t.help}</p>
      <div className="field field-text">
        <label htmlFor="device-name">{t.device}</label>
        <input
          id="device-name"
          type="text"
          maxLength={mostDeviceName}
          value={device}
          aria-describedby="device-name-help"
          onChange={(event) => setDevice(event.target.value)}
        />
        <p className="help" id="device-name-help">
          {t.deviceHelp}
        </p>
      </div>
      <pre className="template" tabIndex={0} role="group" aria-label={t.content} data-testid="device-file">
        {content}
      </pre>
      <div className="button-row">
        <button
          type="button"
          className="button-primary"
          data-testid="device-file-save"
          onClick={() => saveFile(deviceFileName, new Blob([content], { type: 'application/json' }))}
        >
          <Icon name="download" />
          {t.save}
        </button>
      </div>
    </section>
  )
}
