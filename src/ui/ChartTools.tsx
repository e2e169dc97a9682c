// What can be done with one chart: log scale, table, full screen, and the chart as a file.
import type { RefObject } from 'react'
import type { PlotSource } from '../store/plot-line'
import type { PlotHandle } from './PlotLayer'
import { chartCsv, chartPng, chartSvg } from './chart-files'
import { Icon } from './icons'
import { saveFile } from './save-file'
import { useText } from './text/text'
import { useFullScreen } from './use-full-screen'

interface Props {
  /** The metric's key: the name of its files. */
  id: string
  title: string
  axis: string
  source: PlotSource
  frame: RefObject<HTMLElement | null>
  handle: RefObject<PlotHandle | null>
  log: boolean
  onLog: () => void
  table: boolean
  onTable: () => void
}

function Downloads({ id, title, axis, source, frame, handle }: Props) {
  const t = useText().charts
  const save = async (form: 'png' | 'svg' | 'csv'): Promise<void> => {
    if (form === 'csv') return saveFile(`${id}.csv`, new Blob([chartCsv(source.lines(), axis, id)], { type: 'text/csv' }))
    const picture = frame.current ? chartSvg(frame.current, handle.current, title) : undefined
    if (!picture) return
    if (form === 'svg') saveFile(`${id}.svg`, new Blob([picture.text], { type: 'image/svg+xml' }))
    else saveFile(`${id}.png`, await chartPng(picture))
  }
  return (
    <details className="chart-menu">
      <summary className="button-icon" aria-label={t.downloadOf(title)} title={t.download}>
        <Icon name="download" />
      </summary>
      <div className="chart-menu-list">
        {(['png', 'svg', 'csv'] as const).map((form) => (
          <button key={form} type="button" className="button-quiet" data-testid={`${id}-${form}`} onClick={() => void save(form)}>
            {form.toUpperCase()}
          </button>
        ))}
      </div>
    </details>
  )
}

export function ChartTools(props: Props) {
  const { title, frame, log, onLog, table, onTable } = props
  const t = useText().charts
  const [full, toggleFull] = useFullScreen(frame)
  return (
    <div className="chart-tools">
      <button type="button" className="button-icon chart-word" aria-pressed={log} aria-label={t.logOf(title)} title={t.log} onClick={onLog}>
        log
      </button>
      <button type="button" className="button-icon" aria-pressed={table} aria-label={t.tableOf(title)} title={t.table} onClick={onTable}>
        <Icon name="table" />
      </button>
      <Downloads {...props} />
      {toggleFull && (
        <button type="button" className="button-icon" aria-pressed={full} aria-label={t.fullOf(title)} title={t.full} onClick={toggleFull}>
          <Icon name="expand" />
        </button>
      )}
    </div>
  )
}
