// How many rows there are, where they are from, and what can be done with them.
import { type Part, makers } from '../config/recipe'
import { dataCard } from '../recipe/data-card'
import { Icon } from './icons'
import { formatCount, formatShare } from './format'
import { saveFile } from './save-file'
import { useBusy, useStudio, useWorkbench } from './studio-context'
import { useText } from './text/text'
import type { View } from './view'

function Numbers() {
  const text = useText()
  const { report } = useWorkbench()
  const t = text.workbench
  if (!report) return null
  const { trainRows, evaluationRows } = report
  return (
    <dl className="numbers" data-testid="bench-totals">
      <div>
        <dt>{t.rows}</dt>
        <dd>{formatCount(trainRows, text)}</dd>
        <dd className="muted">{t.forTraining}</dd>
      </div>
      <div>
        <dt>{t.parts.evaluation}</dt>
        <dd>{formatCount(evaluationRows, text)}</dd>
        <dd className="muted">{t.forEvaluation}</dd>
      </div>
      {makers.map((maker) => {
        const count = report.makers[maker] ?? 0
        return count === 0 ? null : (
          <div key={maker}>
            <dt>{t.makers[maker]}</dt>
            <dd>{formatCount(count, text)}</dd>
            <dd className="muted">{formatShare(count, trainRows + evaluationRows, text)}</dd>
          </div>
        )
      })}
    </dl>
  )
}

export function BenchTotals({ go }: { go: (view: View) => void }) {
  const text = useText()
  const studio = useStudio()
  const { workbench } = studio
  const { report, stale, work, recipe } = useWorkbench()
  const busy = useBusy()
  const t = text.workbench
  const waits = !report || stale || work !== undefined
  const use = async (): Promise<void> => {
    if (await studio.openCleaned()) go('setup')
  }
  const save = async (part: Part, zipped: boolean): Promise<void> => {
    const file = await workbench.file(part, zipped)
    if (file) saveFile(file.name, file)
  }
  const saveRows = async (zipped: boolean): Promise<void> => {
    await save('train', zipped)
    if (report?.evaluationRows) await save('evaluation', zipped)
  }
  const saveCard = (): void => {
    if (report) saveFile('README.md', new Blob([dataCard(report, recipe.now)], { type: 'text/markdown' }))
  }
  return (
    <section className="card" aria-label={t.forTraining}>
      <Numbers />
      <div className="button-row">
        <button
          type="button"
          className="button-primary"
          data-testid="use-rows"
          disabled={waits || busy || report.trainRows === 0}
          onClick={() => void use()}
        >
          <Icon name="arrow" />
          {t.use}
        </button>
        <button type="button" className="button" disabled={waits} onClick={() => void saveRows(false)}>
          <Icon name="download" />
          {t.download}
        </button>
        <button type="button" className="button" disabled={waits} onClick={() => void saveRows(true)}>
          <Icon name="download" />
          {t.downloadZipped}
        </button>
        <button type="button" className="button" disabled={waits} onClick={saveCard}>
          <Icon name="download" />
          {t.downloadCard}
        </button>
      </div>
      <div className="field">
        <label htmlFor="licence">{t.licence}</label>
        <input
          id="licence"
          type="text"
          maxLength={200}
          value={recipe.now.licence ?? ''}
          aria-describedby="licence-help"
          onChange={(e) => workbench.setLicence(e.target.value)}
        />
        <p id="licence-help" className="help">
          {t.licenceHelp}
        </p>
      </div>
    </section>
  )
}
