// Always in sight while setting up: exact memory, steps, and the button that starts or says what is missing.
import type { MemoryReport } from '../worker/api'
import { EndNotice } from './EndNotice'
import { formatBytes, formatCompact, formatCount, formatShare } from './format'
import { GoTo } from './GoTo'
import { Icon } from './icons'
import { RunTime } from './MeasureRun'
import { MemoryBar } from './MemoryBar'
import { useActivity, useBusy, useDevice, useModel, useReadiness, useSetup, useStudio } from './studio-context'
import { useSentence, useText } from './text/text'
import { RunNotice } from './RunNotice'
import { useObstacleWords } from './use-obstacle-words'
import { WaysToFit } from './WaysToFit'

/** The run in numbers. On a phone, most of them are shown with the parts of the memory. */
function RunFacts({ memory }: { memory: MemoryReport }) {
  const text = useText()
  const device = useDevice()
  const { report } = useModel()
  const evaluatesOn = report?.pictures ? text.memory.evalPictures : text.memory.evalRows
  return (
    <p className="run-bar-facts">
      <strong>{formatBytes(memory.totalBytes)}</strong> {text.memory.title}
      <span className="run-bar-more">
        {device.report && text.inBrackets(text.memory.offered(formatBytes(device.report.maxBufferBytes)))}
      </span>{' '}
      · {text.memory.steps(formatCount(memory.steps, text))}
      <span className="run-bar-more">
        {' '}
        ·{' '}
        {text.memory.trainable(
          formatCompact(memory.trainableParameters, text),
          formatShare(memory.trainableParameters, memory.totalParameters, text),
        )}{' '}
        · {text.memory.adapterSize(formatBytes(memory.adapterFileBytes))}
        {memory.evalRows && <> · {evaluatesOn(formatCount(memory.evalRows.used, text), formatCount(memory.evalRows.all, text))}</>}
      </span>
    </p>
  )
}

export function RunBar({ onStarted }: { onStarted: () => void }) {
  const text = useText()
  const inWords = useSentence()
  const studio = useStudio()
  const { memory } = useSetup()
  const { obstacle: found, base, reloadsBase } = useReadiness()
  const missing = found?.missing
  const told = useObstacleWords()
  const queueing = useActivity().training
  // What is measured or answered now would be ended by a run.
  const waits = useBusy() && !queueing
  const way = queueing ? 'queue' : waits ? 'busy' : 'ready'
  const start = (): void => {
    const wasQueueing = queueing
    if (studio.start() !== undefined && !wasQueueing) onStarted()
  }
  return (
    <section className="run-bar" aria-label={text.memory.title}>
      <div className="run-bar-inner">
        <div className="run-bar-memory">
          {reloadsBase ? (
            <p className="muted">{text.memory.afterReload(text.model.bases[base])}</p>
          ) : memory ? (
            <>
              <MemoryBar memory={memory} />
              <RunFacts memory={memory} />
            </>
          ) : (
            !found?.words && <p className="muted">{text.memory.unknown}</p>
          )}
          {!reloadsBase && memory?.fitted && (
            <p className="help" role="status" data-testid="run-fitted">
              {inWords(memory.fitted)}
            </p>
          )}
          {!reloadsBase && memory && !found?.words && <RunNotice memory={memory} />}
          {found?.words && (
            <p className="problem" role="alert" data-testid="error-message">
              {told?.why}
            </p>
          )}
          <WaysToFit />
          <RunTime />
          {!missing && <EndNotice />}
          {found && <GoTo settings={found.settings} card={found.card} />}
        </div>
        <button
          type="button"
          className="button-primary"
          data-testid="train-start"
          disabled={missing !== undefined || waits}
          onClick={start}
        >
          <Icon name="play" />
          {told ? told.heading : text.start[way]}
        </button>
      </div>
    </section>
  )
}
