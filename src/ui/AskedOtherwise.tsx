// Says that the loaded data ask otherwise than an adapter was trained, and offers to read them as in its training.
import { optionsLike } from '../config/asking-fields'
import { askingOfRun, dataNotice } from '../store/base-fit'
import type { Run } from '../store/run'
import { useActivity, useData, useStudio } from './studio-context'
import { useSentence, useText } from './text/text'

export function AskedOtherwise({ run }: { run: Run }) {
  const t = useText().data.asking
  const inWords = useSentence()
  const studio = useStudio()
  const { report, loading } = useData()
  const { training } = useActivity()
  const notice = dataNotice(run, report)
  const asking = askingOfRun(run)
  if (!notice || !asking) return null
  return (
    <div className="notice" data-testid="asked-otherwise">
      <p>{inWords(notice)}</p>
      <button
        type="button"
        className="button-quiet"
        disabled={loading || training}
        onClick={() => void studio.data.setOptions(optionsLike(asking))}
      >
        {t.asTrained}
      </button>
    </div>
  )
}
