// Begins labelling: which column the answers go into, and which rows.
import { useState } from 'react'
import type { Job } from '../store/labelling-state'
import { useStudio, useWorkbench } from './studio-context'
import { useText } from './text/text'

const startColumn = (job: Job): string => (job.kind === 'labels' ? job.query.column : 'completion')

export function LabelStart() {
  const t = useText().workbench.label
  const { labelling } = useStudio()
  const { stale } = useWorkbench()
  const [open, setOpen] = useState(false)
  const [column, setColumn] = useState(startColumn(labelling.store.getState().job))
  const [all, setAll] = useState(false)
  if (!open)
    return (
      <button type="button" className="button" disabled={stale} onClick={() => setOpen(true)}>
        {t.open}
      </button>
    )
  return (
    <form
      className="label-start"
      onSubmit={(e) => {
        e.preventDefault()
        void labelling.begin({ column: column.trim(), all })
      }}
    >
      <label>
        <span className="help">{t.column}</span>
        <input type="text" value={column} maxLength={200} onChange={(e) => setColumn(e.target.value)} />
      </label>
      <label>
        <span className="help">{t.which}</span>
        <select value={all ? 'all' : 'unanswered'} onChange={(e) => setAll(e.target.value === 'all')}>
          <option value="unanswered">{t.unanswered}</option>
          <option value="all">{t.all}</option>
        </select>
      </label>
      <button type="submit" className="button-primary" data-testid="label-begin" disabled={stale || column.trim() === ''}>
        {t.begin}
      </button>
    </form>
  )
}
