// A field for changing a run's name.
import type { Run } from '../store/run'
import { useStudio } from './studio-context'
import { useText } from './text/text'

export function NameInput({ run, onDone }: { run: Run; onDone?: () => void }) {
  const text = useText()
  const studio = useStudio()
  return (
    <input
      key={run.name}
      className="name-input"
      aria-label={text.runs.renameOf(run.name)}
      defaultValue={run.name}
      maxLength={80}
      readOnly={run.status === 'elsewhere'}
      // The field replaces the button that was pressed.
      autoFocus={onDone !== undefined}
      onBlur={(e) => {
        studio.runs.rename(run.id, e.target.value)
        onDone?.()
      }}
      onKeyDown={(e) => {
        if (e.key === 'Escape') e.currentTarget.value = run.name
        if (e.key === 'Enter' || e.key === 'Escape') e.currentTarget.blur()
      }}
    />
  )
}
