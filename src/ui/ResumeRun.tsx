// An interrupted run: where it was, and the way on. A run whose adapter could not be kept: why, and the second try.
import { useStore } from 'zustand'
import { zipFiles } from '../storage/zip'
import { type Run, canResume, isOver } from '../store/run'
import { safeName } from '../store/safe-name'
import { Icon } from './icons'
import { saveFile } from './save-file'
import { useBusy, useData, useModel, useStudio } from './studio-context'
import { useSentence, useText } from './text/text'
import { useAskedFirst } from './use-asked-first'

function sentenceOf({ status, snapshot, last, memory, after }: Run, t: ReturnType<typeof useText>['train']): string {
  if (after && status === 'failed') return t.notBegun
  if (!snapshot) return last === undefined ? t.interruptedEarly : t.interrupted
  if (status !== 'interrupted') return t.newestSnapshot(String(snapshot.step))
  return t.interruptedAt(String(snapshot.step), String(last?.steps ?? memory?.steps ?? '–'))
}

/** What the run waits for, once the person has asked to resume it. It changes with what is loaded. */
export function Waits({ run }: { run: Run }) {
  const inWords = useSentence()
  const studio = useStudio()
  const wanted = useStore(studio.resuming.store, (s) => s.wanted.includes(run.id))
  useModel()
  useData()
  const missing = wanted ? studio.resuming.missing(run) : undefined
  return missing && <p role="status">{inWords(missing)}</p>
}

/** The button that resumes an interrupted run, or starts it if it has not begun. */
export function ResumeButton({ run, className }: { run: Run; className: string }) {
  const t = useText().train
  const studio = useStudio()
  const { begin, question } = useAskedFirst(run, () => studio.resuming.resume(run.id))
  return (
    <>
      <button
        type="button"
        className={className}
        data-testid="resume-run"
        aria-label={run.snapshot ? t.resumeOf(run.name) : run.last ? t.startAgainOf(run.name) : t.startOf(run.name)}
        onClick={() => void begin()}
      >
        <Icon name="play" />
        {run.snapshot ? t.resumeRun : run.last ? t.startAgain : t.startNow}
      </button>
      {question}
    </>
  )
}

function ResumeButtons({ run }: { run: Run }) {
  const t = useText().train
  const studio = useStudio()
  const busy = useBusy()
  const { report } = useModel()
  const download = async (): Promise<void> => {
    const adapter = await studio.resuming.adapter(run.id)
    const name = safeName(run.name)
    if (adapter) saveFile(`${name}.zip`, new Blob([zipFiles(name, adapter.files)], { type: 'application/zip' }))
  }
  return (
    <div className="button-row">
      {canResume(run) && <ResumeButton run={run} className="button" />}
      {run.snapshot && report && (
        <button type="button" className="button-quiet" data-testid="download-there" disabled={busy} onClick={() => void download()}>
          <Icon name="download" />
          {t.downloadThere(String(run.snapshot.step))}
        </button>
      )}
    </div>
  )
}

function Unkept({ run }: { run: Run }) {
  const t = useText().train
  const inWords = useSentence()
  const studio = useStudio()
  return (
    <div className="notice notice-error" role="alert" data-testid="unkept">
      <Icon name="warning" />
      <div className="stack-small">
        <p>{t.notKept}</p>
        {run.unkept && <p>{inWords(run.unkept)}</p>}
        <div className="button-row button-row-flush">
          <button type="button" className="button-quiet" onClick={() => void studio.adapters.keepAgain()}>
            {t.keepAgain}
          </button>
        </div>
      </div>
    </div>
  )
}

export function ResumeRun({ run }: { run: Run }) {
  const t = useText().train
  const inWords = useSentence()
  const open = canResume(run) || (isOver(run) && run.snapshot !== undefined && !run.files)
  return (
    <>
      {run.unkept && run.files && <Unkept run={run} />}
      {open && (
        <div className="notice" data-testid="interrupted">
          <div className="stack-small">
            <p>
              {sentenceOf(run, t)} {run.after ? '' : t.snapshotMeans}
            </p>
            <Waits run={run} />
            <ResumeButtons run={run} />
          </div>
        </div>
      )}
      {run.snapshotProblem && (
        <p className="notice notice-warning" role="status" data-testid="snapshot-problem">
          {inWords(run.snapshotProblem)}
        </p>
      )}
    </>
  )
}
