// The frame: top bar, the open view, drop overlay, status line.
import { useCallback, useEffect, useState } from 'react'
import { useStore } from 'zustand'
import type { PickedFile } from '../worker/api'
import { CompareView } from './CompareView'
import { BenchView } from './BenchView'
import { DropOverlay } from './DropOverlay'
import { ErrorMessage } from './ErrorMessage'
import { Gate } from './Gate'
import { ImportNotice } from './ImportNotice'
import { LibraryView } from './LibraryView'
import { LinkNotice } from './LinkNotice'
import { PlayView } from './PlayView'
import { SetupView } from './SetupView'
import { TopBar } from './TopBar'
import { TrainView } from './TrainView'
import { Icon } from './icons'
import { PickersProvider } from './pickers'
import { useStudio } from './studio-context'
import { useText } from './text/text'
import { useSettingsInAddress } from './use-address'
import { useAnnouncement, useLeavingGuard, usePauseKey, useTheme, useWakeLock } from './use-page'
import { useView } from './view'

function Notice({ words, onDismiss }: { words: string; onDismiss: () => void }) {
  const text = useText()
  return (
    <div className="notice page-notice" role="status">
      <p>{words}</p>
      <button type="button" className="button-icon" aria-label={text.dismiss} onClick={onDismiss}>
        <Icon name="close" />
      </button>
    </div>
  )
}

export function App() {
  const text = useText()
  const studio = useStudio()
  const [view, go] = useView()
  const [notice, setNotice] = useState<string>()
  const keepingError = useStore(studio.runs.store, (s) => s.error)
  const announcement = useAnnouncement()
  useTheme()
  useLeavingGuard()
  usePauseKey()
  useWakeLock()
  useSettingsInAddress(view)

  const check = useCallback(() => void studio.device.check({ secure: window.isSecureContext, hasWebGpu: 'gpu' in navigator }), [studio])
  useEffect(check, [check])

  const open = useCallback(
    async (files: PickedFile[]): Promise<void> => {
      if (studio.busy()) return setNotice(text.drop.busy)
      const { model, adapters, train, ignored } = await studio.openFiles(files)
      if (model.length === 0 && adapters.length === 0 && !train) return setNotice(text.drop.nothing)
      setNotice(
        ignored.length > 0
          ? text.drop.ignored(
              ignored
                .map((f) => f.path)
                .slice(0, 5)
                .join(', '),
            )
          : undefined,
      )
      go(model.length === 0 && !train && studio.model.store.getState().report ? 'library' : 'setup')
    },
    [studio, text, go],
  )
  const onFiles = useCallback(
    (files: PickedFile[]) => void open(files).catch((error: unknown) => setNotice(error instanceof Error ? error.message : String(error))),
    [open],
  )

  return (
    <PickersProvider onFiles={onFiles}>
      <button type="button" className="skip-link" onClick={() => document.getElementById('main')?.focus()}>
        {text.skip}
      </button>
      <TopBar view={view} />
      <main id="main" tabIndex={-1}>
        {notice && <Notice words={notice} onDismiss={() => setNotice(undefined)} />}
        {keepingError && <ErrorMessage message={keepingError} onDismiss={studio.runs.dismissError} />}
        {(view === 'setup' || view === 'compare') && <LinkNotice />}
        <ImportNotice />
        {view !== 'library' && <Gate onCheck={check} />}
        {view === 'setup' && <SetupView go={go} />}
        {view === 'train' && <TrainView go={go} />}
        {view === 'compare' && <CompareView go={go} />}
        {view === 'play' && <PlayView go={go} />}
        {view === 'bench' && <BenchView />}
        {view === 'library' && <LibraryView go={go} />}
      </main>
      <p className="visually-hidden" role="status" aria-live="polite" data-testid="status">
        {announcement}
      </p>
      <DropOverlay onFiles={onFiles} />
    </PickersProvider>
  )
}
