// Model, data and method, then start.
import { DataCard } from './DataCard'
import { ErrorMessage } from './ErrorMessage'
import { MethodCard } from './MethodCard'
import { ModelCard } from './ModelCard'
import { RunBar } from './RunBar'
import { Welcome } from './Welcome'
import { useBusy, useData, useDemo, useModel, useStudio } from './studio-context'
import { useText } from './text/text'
import type { View } from './view'

export function SetupView({ go }: { go: (view: View) => void }) {
  const text = useText()
  const studio = useStudio()
  const model = useModel()
  const data = useData()
  const demo = useDemo()
  const busy = useBusy()
  const untouched = !model.report && !model.loading && !model.error && !data.file
  const problem = demo.error && <ErrorMessage message={demo.error} onDismiss={studio.demo.dismiss} />
  if (untouched)
    return (
      <>
        {problem}
        <Welcome onDemo={(kind) => go(kind === 'text' ? 'train' : 'compare')} />
      </>
    )
  return (
    <div className="view setup">
      <h1 className="visually-hidden">{text.views.setup}</h1>
      {problem}
      <div className="setup-grid">
        <div className="stack">
          <ModelCard disabled={busy} />
          <DataCard disabled={busy || model.loading} />
        </div>
        <MethodCard />
      </div>
      <RunBar onStarted={() => go('train')} />
    </div>
  )
}
