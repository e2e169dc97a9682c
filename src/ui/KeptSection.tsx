// The Library's section of kept models and datasets: open, delete, and what cannot be used.
import { useState } from 'react'
import { useStore } from 'zustand'
import type { KeptProblem } from '../storage/kept-files'
import type { Kept } from '../storage/kept-found'
import { smallBytes } from '../store/copy-place'
import type { Run } from '../store/run'
import { ConfirmDialog } from './ConfirmDialog'
import { ErrorMessage } from './ErrorMessage'
import { formatBytes, formatDate } from './format'
import { Icon } from './icons'
import { useBusy, usePreferences, useRuns, useStudio } from './studio-context'
import type { Text } from './text/en'
import { useSentence, useText } from './text/text'
import type { View } from './view'

const uses = ({ id, fingerprint }: Kept, { model, data }: Run): boolean =>
  [model, data, data.evaluation].some((used) => used && (used.keptId === id || used.fingerprint === fingerprint))

function warning(names: readonly string[], { copies: t, listed }: Text): string {
  if (names.length === 0) return t.removeBody
  return names.length === 1 ? t.neededOne(names[0]!) : t.needed(listed(names))
}

function KeptItem({ copy, go }: { copy: Kept; go: (view: View) => void }) {
  const text = useText()
  const t = text.copies
  const studio = useStudio()
  const busy = useBusy()
  const opening = useStore(studio.copies.store, (s) => s.opening)
  const [asking, setAsking] = useState(false)
  const names = useRuns()
    .filter((run) => uses(copy, run))
    .map((run) => run.name)
  const open = async (): Promise<void> => {
    // Loading shows its progress where models and data are. A copy that cannot be opened is named here.
    if (await studio.openCopy(copy.id)) go('setup')
  }
  return (
    <li className="kept-item" data-testid="kept-item" data-kind={copy.kind}>
      <Icon name={copy.kind === 'model' ? 'box' : 'table'} />
      <div className="kept-words">
        <p className="kept-name">{copy.name}</p>
        <p className="muted">
          {[t.kinds[copy.kind], formatBytes(copy.sizeBytes), t.lastUsed(formatDate(copy.lastUsedAt, text))].join(' · ')}
        </p>
      </div>
      <div className="kept-actions">
        <button
          type="button"
          className="button"
          disabled={busy || opening !== undefined}
          aria-label={t.openOf(copy.name)}
          onClick={() => void open()}
        >
          {opening === copy.id ? t.opening : t.open}
        </button>
        <button type="button" className="button-icon" aria-label={t.removeOf(copy.name)} title={t.remove} onClick={() => setAsking(true)}>
          <Icon name="trash" />
        </button>
      </div>
      {asking && (
        <ConfirmDialog
          title={t.removeTitle(copy.name)}
          body={warning(names, text)}
          action={t.remove}
          onClose={() => setAsking(false)}
          onConfirm={() => {
            setAsking(false)
            void studio.copies.remove(copy.id)
          }}
        />
      )}
    </li>
  )
}

function Broken({ problem }: { problem: KeptProblem }) {
  const t = useText().copies
  const inWords = useSentence()
  const studio = useStudio()
  const [asking, setAsking] = useState(false)
  return (
    <div className="notice notice-error" role="alert" data-testid="broken-copy">
      <Icon name="warning" />
      <div className="stack-small">
        <p>{inWords(problem.reason)}</p>
        <div className="button-row button-row-flush">
          <button type="button" className="button-quiet" onClick={() => setAsking(true)}>
            <Icon name="trash" />
            {t.broken}
          </button>
        </div>
      </div>
      {asking && (
        <ConfirmDialog
          title={t.brokenTitle}
          body={t.brokenBody}
          action={t.remove}
          onClose={() => setAsking(false)}
          onConfirm={() => void studio.copies.remove(problem.id)}
        />
      )}
    </div>
  )
}

export function KeptSection({ go }: { go: (view: View) => void }) {
  const t = useText().copies
  const studio = useStudio()
  const { available, loaded, kept, problems, error } = useStore(studio.copies.store)
  const { keepSmall } = usePreferences()
  if (!available || !loaded) return null
  return (
    <section className="card" aria-label={t.title} data-testid="kept-section">
      <header className="card-head">
        <div className="card-title">
          <h2>{t.title}</h2>
          <p className="card-subtitle">{kept.length > 0 ? t.lead : t.empty}</p>
        </div>
      </header>
      {error && <ErrorMessage message={error} onDismiss={studio.copies.dismissError} />}
      {problems.map((problem) => (
        <Broken key={problem.id} problem={problem} />
      ))}
      {kept.length > 0 && (
        <ul className="kept-list">
          {kept.map((copy) => (
            <KeptItem key={copy.id} copy={copy} go={go} />
          ))}
        </ul>
      )}
      <label className="check">
        <input type="checkbox" checked={keepSmall} onChange={(e) => studio.preferences.set({ keepSmall: e.target.checked })} />
        {t.keepSmall(`${smallBytes / 2 ** 20} MiB`)}
      </label>
    </section>
  )
}
