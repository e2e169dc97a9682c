// Saved runs that cannot be read: why, and what a person can do with each. They change only if the person asks for it.
import { useState } from 'react'
import { useStore } from 'zustand'
import type { RunProblem } from '../storage/run-store'
import { zipFiles } from '../storage/zip'
import { ConfirmDialog } from './ConfirmDialog'
import { Icon } from './icons'
import { saveFile } from './save-file'
import { useStudio } from './studio-context'
import { useSentence, useText } from './text/text'

function Unreadable({ problem }: { problem: RunProblem }) {
  const text = useText()
  const inWords = useSentence()
  const studio = useStudio()
  const [asking, setAsking] = useState(false)
  const t = text.library
  const name = `run-${problem.runId}`
  const download = async (): Promise<void> => {
    const adapter = await studio.runs.intactFiles(problem.runId)
    if (adapter) saveFile(`${name}.zip`, new Blob([zipFiles(name, adapter.files)], { type: 'application/zip' }))
  }
  return (
    <div className="notice notice-error" role="alert" data-testid="unreadable-run">
      <Icon name="warning" />
      <div className="stack-small">
        <p>{inWords(problem.reason)}</p>
        <div className="button-row button-row-flush">
          {problem.hasAdapter && (
            <button type="button" className="button-quiet" onClick={() => void download()}>
              <Icon name="download" />
              {t.unreadableAdapter}
            </button>
          )}
          <button type="button" className="button-quiet" onClick={() => setAsking(true)}>
            <Icon name="trash" />
            {t.unreadableRemove}
          </button>
        </div>
      </div>
      {asking && (
        <ConfirmDialog
          title={t.unreadableTitle}
          body={text.runs.removeBody}
          action={text.runs.remove}
          onClose={() => setAsking(false)}
          onConfirm={() => void studio.runs.removeProblem(problem.runId)}
        />
      )}
    </div>
  )
}

export function UnreadableRuns() {
  const problems = useStore(useStudio().runs.store, (s) => s.problems)
  return problems.map((problem) => <Unreadable key={problem.runId} problem={problem} />)
}
