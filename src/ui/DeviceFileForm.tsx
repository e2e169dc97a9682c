// Offers the result of a benchmark as a file.
import { useState } from 'react'
import type { BenchReport } from '../config/bench-report'
import { DeviceFileContent } from './DeviceFileContent'
import { Icon } from './icons'
import { useText } from './text/text'

/** Nothing if the report has no model. */
export function DeviceFileForm({ report }: { report: BenchReport }) {
  const t = useText().bench.file
  const [at, setAt] = useState<Date>()
  if (!report.models?.measured.length) return null
  if (at) return <DeviceFileContent report={report} at={at} />
  return (
    <div className="button-row">
      <button type="button" className="button" data-testid="device-file-make" onClick={() => setAt(new Date())}>
        <Icon name="download" />
        {t.make}
      </button>
    </div>
  )
}
