// The data workbench: files and recipe on one side, the rows that they make on the other.
import { stepNamed } from '../recipe/registry'
import { BenchFiles } from './BenchFiles'
import { BenchRows } from './BenchRows'
import { BenchTotals } from './BenchTotals'
import { ErrorMessage } from './ErrorMessage'
import { FileButton } from './FileButton'
import { LabelRows } from './LabelRows'
import { PicturesView } from './PicturesView'
import { RecipeCard } from './RecipeCard'
import { RowMapCard } from './RowMapCard'
import { WantedFiles } from './WantedFiles'
import { Icon } from './icons'
import { useData, useLabelling, usePictures, useStudio, useWorkbench } from './studio-context'
import { useSentence, useText } from './text/text'
import type { View } from './view'

function Empty() {
  const t = useText().workbench
  const studio = useStudio()
  const { file } = useData()
  return (
    <div className="card empty-state">
      <Icon name="broom" />
      <h2>{t.emptyTitle}</h2>
      <p className="muted">{t.emptyBody}</p>
      <div className="button-row">
        {file && (
          <button type="button" className="button-primary" data-testid="bench-setup" onClick={() => void studio.workbench.add([file])}>
            {t.openSetup(file.file.name)}
          </button>
        )}
        <FileButton
          label={t.filesInput}
          testId="bench-input"
          className={file ? undefined : 'button-primary'}
          multiple
          onFiles={(picked) => void studio.workbench.add(picked)}
        >
          {t.open}
        </FileButton>
        <button type="button" className="button" data-testid="bench-sample" onClick={() => void studio.openSample()}>
          {t.sample}
        </button>
      </div>
    </div>
  )
}

/** What the worker is doing, with a way to stop it; or that it was stopped. */
function Working() {
  const text = useText()
  const inWords = useSentence()
  const { workbench } = useStudio()
  const { work, stale, recipe } = useWorkbench()
  const t = text.workbench
  if (!work)
    return stale ? (
      <div className="notice notice-warning">
        <p>{t.stale}</p>
        <button type="button" className="button-quiet" onClick={() => void workbench.refresh()}>
          {t.again}
        </button>
      </div>
    ) : null
  const step = work.step === undefined ? undefined : recipe.now.steps[work.step]
  const label = step ? t.taking(inWords(stepNamed(step.step).label)) : t.work[work.kind]
  return (
    <div className="progress-line" data-testid="bench-working">
      <div className="progress-words">
        <span>{label}</span>
        {work.fraction !== undefined && <span className="muted">{Math.round(work.fraction * 100)} %</span>}
      </div>
      <div className="progress-row">
        <progress aria-label={label} max={1} value={work.fraction} />
        <button type="button" className="button-quiet" onClick={() => void workbench.cancel()}>
          {text.cancel}
        </button>
      </div>
    </div>
  )
}

export function DataView({ go }: { go: (view: View) => void }) {
  const text = useText()
  const { workbench } = useStudio()
  const { files, wanted, notKept, error, report } = useWorkbench()
  const inWords = useSentence()
  const labelling = useLabelling().open
  const pictures = usePictures().bundle !== undefined
  const t = text.workbench
  if (pictures) return <PicturesView />
  return (
    <div className="view">
      <h1 className="visually-hidden">{t.title}</h1>
      {error && <ErrorMessage message={error} onDismiss={workbench.dismissError} />}
      {notKept && files.length > 0 && (
        <p className="notice notice-warning" role="status" data-testid="bench-not-kept">
          {inWords(notKept)}
        </p>
      )}
      {wanted ? (
        <WantedFiles wanted={wanted} />
      ) : files.length === 0 ? (
        <Empty />
      ) : (
        <div className="bench">
          <div className="stack">
            <BenchFiles />
            <RecipeCard />
          </div>
          <div className="stack">
            <Working />
            {report && <BenchTotals go={go} />}
            {report && (labelling ? <LabelRows /> : <BenchRows />)}
            {report && !labelling && <RowMapCard go={go} />}
          </div>
        </div>
      )}
    </div>
  )
}
