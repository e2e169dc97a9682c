// The frame: top bar, the open view, drop overlay, status line.
import { useCallback, useEffect, useRef } from 'react'
import { useStore } from 'zustand'
import { CompareView } from './CompareView'
import { AnswersView } from './AnswersView'
import { BenchView } from './BenchView'
import { DataView } from './DataView'
import { DeviceNotice } from './DeviceNotice'
import { DropOverlay } from './DropOverlay'
import { ErrorMessage } from './ErrorMessage'
import { Gate } from './Gate'
import { Guide } from './Guide'
import { ImportNotice } from './ImportNotice'
import { LibraryView } from './LibraryView'
import { LinkNotice } from './LinkNotice'
import { PageNotice } from './PageNotice'
import { PlayView } from './PlayView'
import { SetupView } from './SetupView'
import { TopBar } from './TopBar'
import { TrainView } from './TrainView'
import { PickersProvider } from './pickers'
import { useStudio } from './studio-context'
import { useText } from './text/text'
import { useSettingsInAddress } from './use-address'
import { useEndNotice, usePageTitle } from './use-end-notice'
import { useKeptFocus } from './use-kept-focus'
import { useOpenFiles } from './use-open-files'
import { useAnnouncement, useLeavingGuard, usePauseKey, useTheme, useWakeLock } from './use-page'
import { useView } from './view'

export function App() {
  const text = useText()
  const studio = useStudio()
  const [view, go] = useView()
  const { onFiles, told, dismiss } = useOpenFiles(view, go)
  const keepingError = useStore(studio.runs.store, (s) => s.error)
  const announcement = useAnnouncement()
  const main = useRef<HTMLElement>(null)
  useKeptFocus(view, main)
  useTheme()
  useLeavingGuard()
  usePauseKey()
  useWakeLock()
  usePageTitle()
  useEndNotice()
  useSettingsInAddress(view)

  const check = useCallback(() => void studio.device.check({ secure: window.isSecureContext, hasWebGpu: 'gpu' in navigator }), [studio])
  useEffect(check, [check])

  return (
    <PickersProvider onFiles={onFiles}>
      <button type="button" className="skip-link" onClick={() => document.getElementById('main')?.focus()}>
        {text.skip}
      </button>
      <TopBar view={view} />
      <main id="main" ref={main} tabIndex={-1}>
        <DeviceNotice />
        {told && <PageNotice told={told} onDismiss={dismiss} />}
        {keepingError && <ErrorMessage message={keepingError} onDismiss={studio.runs.dismissError} />}
        {(view === 'setup' || view === 'compare') && <LinkNotice />}
        {(view === 'setup' || view === 'library' || view === 'compare') && <ImportNotice />}
        <Guide view={view} go={go} />
        {view !== 'library' && view !== 'data' && <Gate onCheck={check} />}
        {view === 'setup' && <SetupView go={go} />}
        {view === 'data' && <DataView go={go} />}
        {view === 'train' && <TrainView go={go} />}
        {view === 'compare' && <CompareView go={go} />}
        {view === 'answers' && <AnswersView go={go} />}
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
