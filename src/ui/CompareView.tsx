// Methods side by side: setting a comparison up, following it, reading its table.
import { useState } from 'react'
import { comparisonsOf, runsOf } from '../store/comparison-rows'
import { isActive } from '../store/run'
import { ComparisonForm } from './ComparisonForm'
import { ComparisonResult } from './ComparisonResult'
import { DemoPanel } from './DemoPanel'
import { EmptyState } from './EmptyState'
import { formatCount, formatDate } from './format'
import { Icon } from './icons'
import { useComparison, useData, useDemo, useModel, useRuns, useStudio } from './studio-context'
import { useText } from './text/text'
import type { View } from './view'

/** Which of the kept comparisons is looked at. */
function Choice({ shown, onChoose }: { shown: string; onChoose: (id: string) => void }) {
  const text = useText()
  const runs = useRuns()
  const found = comparisonsOf(runs)
  if (found.length < 2) return null
  return (
    <div className="field comparison-choice">
      <label htmlFor="comparison">{text.compare.which}</label>
      <select id="comparison" value={shown} onChange={(e) => onChoose(e.target.value)}>
        {found.map(({ id, createdAt }) => (
          <option key={id} value={id}>
            {text.compare.whichOf(formatDate(createdAt, text), formatCount(runsOf(runs, id).length, text))}
          </option>
        ))}
      </select>
    </div>
  )
}

export function CompareView({ go }: { go: (view: View) => void }) {
  const text = useText()
  const studio = useStudio()
  const runs = useRuns()
  const { shown } = useComparison()
  const model = useModel().report
  const data = useData().report
  const ready = model !== undefined && data !== undefined
  const [settingUp, setSettingUp] = useState(false)
  const all = comparisonsOf(runs)
  const id = all.find((c) => c.id === shown)?.id ?? all[0]?.id
  const going = runsOf(runs, id).some((r) => isActive(r) || r.status === 'queued')
  const demo = useDemo()
  const demoPanel = demo.kind !== 'text' && demo.stage !== 'idle' && <DemoPanel go={go} />
  const t = text.compare
  if (demoPanel && demo.comparisonId === undefined)
    return (
      <div className="view">
        <h1 className="visually-hidden">{text.views.compare}</h1>
        {demoPanel}
      </div>
    )
  if (!ready && id === undefined)
    return (
      <div className="view">
        <h1 className="visually-hidden">{text.views.compare}</h1>
        <EmptyState icon="table" title={t.title} body={t.emptyBody} action={t.emptyAction} onAction={() => go('setup')} />
      </div>
    )
  const form = id === undefined || (settingUp && !going)
  return (
    <div className="view view-wide">
      <header className="row-between">
        <div className="view-head">
          <h1>{t.title}</h1>
          <p className="muted">{t.lead}</p>
        </div>
        {id !== undefined && (
          <div className="button-row">
            <Choice shown={id} onChoose={studio.comparison.show} />
            {!form && !going && ready && (
              <button type="button" className="button" data-testid="comparison-new" onClick={() => setSettingUp(true)}>
                <Icon name="sliders" />
                {t.again}
              </button>
            )}
          </div>
        )}
      </header>
      {demoPanel}
      {form && ready && <ComparisonForm onStarted={() => setSettingUp(false)} />}
      {id !== undefined && <ComparisonResult id={id} going={going} go={go} />}
    </div>
  )
}
