// Everything that is kept in this browser.
import { useStore } from 'zustand'
import { isOver } from '../store/run'
import { problemsOf } from '../store/run-problems'
import { CombineForm } from './CombineForm'
import { EmptyState } from './EmptyState'
import { KeepingRuns } from './KeepingRuns'
import { KeptSection } from './KeptSection'
import { LibraryArchive } from './LibraryArchive'
import { LibraryCard } from './LibraryCard'
import { LibraryContents } from './LibraryContents'
import { UnreadableRuns } from './UnreadableRuns'
import { formatBytes } from './format'
import { Icon } from './icons'
import { usePickers } from './pickers'
import { useRuns, useStudio } from './studio-context'
import { useText } from './text/text'
import type { View } from './view'

export function LibraryView({ go }: { go: (view: View) => void }) {
  const text = useText()
  const studio = useStudio()
  const runs = useRuns().filter(isOver)
  const usage = useStore(studio.runs.store, (s) => s.usage)
  const unreadable = useStore(studio.runs.store, (s) => s.problems.length)
  const pickers = usePickers()
  const shown = runs.toReversed()
  // The first card with a reason says it.
  const failedLike = new Map(problemsOf(shown).flatMap(({ runs: [first, ...others] }) => others.map(({ id }) => [id, first.name] as const)))
  return (
    <div className="view">
      <header className="row-between">
        <div className="view-head">
          <h1>{text.library.title}</h1>
          <p className="muted">
            {text.together([
              text.library.lead,
              usage
                ? text.library.storage(formatBytes(usage.usedBytes), formatBytes(Math.max(0, usage.offeredBytes - usage.usedBytes)))
                : '',
            ])}
          </p>
        </div>
        <div className="button-row" role="group" aria-label={text.adapters.import}>
          <button type="button" className="button" title={text.adapters.importHelp} onClick={pickers.model}>
            <Icon name="upload" />
            {text.adapters.import}
          </button>
          <button type="button" className="button-quiet" onClick={pickers.folder}>
            {text.adapters.importFolder}
          </button>
        </div>
      </header>
      {runs.length === 0 && unreadable === 0 && (
        <EmptyState
          icon="box"
          title={text.library.emptyTitle}
          body={text.library.emptyBody}
          action={text.train.emptyAction}
          onAction={() => go('setup')}
        />
      )}
      <LibraryContents />
      <KeptSection go={go} />
      <KeepingRuns />
      <UnreadableRuns />
      <CombineForm />
      <ul className="library-grid">
        {shown.map((run) => (
          <LibraryCard key={run.id} run={run} go={go} failedLike={failedLike.get(run.id)} />
        ))}
      </ul>
      <LibraryArchive />
    </div>
  )
}
