// The page on any engine: stores, storage, then React.
import '@fontsource-variable/inter/wght.css'
import './styles/tokens.css'
import './styles/base.css'
import './styles/controls.css'
import './styles/tables.css'
import './styles/frame.css'
import './styles/setup.css'
import './styles/run-bar.css'
import './styles/first-use.css'
import './styles/advice.css'
import './styles/data.css'
import './styles/train.css'
import './styles/play.css'
import './styles/compare.css'
import './styles/runs.css'
import './styles/workbench.css'
import './styles/answers.css'
import './styles/pictures.css'
import './styles/access.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import { openBenchKeeping, openChatRecords, openKeeping, openKeptFiles } from '../store/kept'
import { lockedLiving } from '../store/living'
import { createStudio } from '../store/studio'
import { broadcastTabs } from '../store/tab-channel'
import { lockedTurns } from '../store/turns'
import type { EngineApi } from '../worker/api'
import { startPictures } from '../worker/pictures-client'
import { startWorkbench } from '../worker/workbench-client'
import { scoreInWorker } from '../worker/scores-client'
import { unzipInWorker } from '../worker/unzip-client'
import { App } from './App'
import { LanguageProvider } from './LanguageProvider'
import { StudioContext } from './studio-context'

async function fetchDemoFile(path: string): Promise<File> {
  const response = await fetch(`${import.meta.env.BASE_URL}demo/${path}`)
  if (!response.ok)
    throw new FormatError(
      say`demo/${path}: the server answered with status ${response.status}. Reload the page, or put the demo folder of the release back.`,
    )
  return new File([await response.blob()], path.split('/').pop() ?? path)
}

/** Where the browser refuses localStorage, preferences last as long as the page. */
function textStore(): Storage | undefined {
  try {
    return window.localStorage
  } catch {
    return undefined
  }
}

/** Draws the studio into the element with id root. */
export function startPage(engine: EngineApi): void {
  const root = document.getElementById('root')
  if (!root) throw new Error('page: there is no element with id root. Put the released index.html back.')
  const studio = createStudio({
    engine,
    keeping: openKeeping(engine),
    keptFiles: openKeptFiles(),
    living: lockedLiving(navigator.locks),
    turns: lockedTurns(navigator.locks),
    channel: broadcastTabs(),
    preferences: textStore(),
    unzip: unzipInWorker,
    pictures: startPictures(),
    workbench: startWorkbench(),
    score: scoreInWorker,
    benchKeeping: openBenchKeeping(),
    chatRecords: openChatRecords(),
    fetchDemoFile,
  })
  void studio.runs.load().then(studio.resuming.find)
  void studio.setup.loadFields()
  void studio.copies.load()
  void studio.chats.load()
  void studio.keptWorkbench.start()
  createRoot(root).render(
    <StrictMode>
      <StudioContext value={studio}>
        <LanguageProvider>
          <App />
        </LanguageProvider>
      </StudioContext>
    </StrictMode>,
  )
}
