// The runs that wait, in their order, with the time that each may take, and the time left of all.
import { allLeft, runLeft } from '../store/queue-time'
import { type Run, isPending } from '../store/run'
import { LineSwatch } from './ChartControls'
import { formatCount, formatDuration } from './format'
import { Icon } from './icons'
import { useRuns, useStudio } from './studio-context'
import { useText } from './text/text'
import { useDifferences } from './use-differences'

interface ItemProps {
  run: Run
  /** The runs that wait beside it. */
  before?: Run
  after?: Run
  left: ReturnType<typeof runLeft>
  about: string | undefined
}

function Item({ run, before, after, left, about }: ItemProps) {
  const text = useText()
  const studio = useStudio()
  const t = text.train.queue
  const move = (by: -1 | 1, icon: 'up' | 'down', label: string, possible: boolean) => (
    <button
      type="button"
      className="button-icon"
      aria-label={label}
      title={label}
      disabled={!possible}
      onClick={() => void studio.queue.move(run.id, by)}
    >
      <Icon name={icon} />
    </button>
  )
  return (
    <li data-testid="queue-item" data-run={run.id}>
      <LineSwatch colour={run.colour} />
      <span className="queue-words">
        {run.name} <span className="muted">{about}</span>
      </span>
      <span className="muted">{left ? (left.bare ? t.takesBare : t.takes)(formatDuration(left.ms, text)) : t.unknown}</span>
      <span className="queue-buttons">
        {move(-1, 'up', t.up(run.name), before !== undefined && run.after?.runId !== before.id)}
        {move(1, 'down', t.down(run.name), after !== undefined && after.after?.runId !== run.id)}
        <button
          type="button"
          className="button-icon"
          aria-label={t.remove(run.name)}
          title={t.remove(run.name)}
          onClick={() => void studio.unqueue(run.id)}
        >
          <Icon name="close" />
        </button>
      </span>
    </li>
  )
}

export function RunQueue() {
  const text = useText()
  const all = useRuns()
  const differences = useDifferences(undefined)
  const waiting = all.filter(({ status }) => status === 'queued')
  const t = text.train.queue
  if (waiting.length === 0) return null
  const { ms, unknown, bare } = allLeft(all.filter(isPending), all)
  const left = (unknown + bare > 0 ? t.leftAtLeast : t.left)(formatDuration(ms, text))
  const words = [
    left,
    ...(bare > 0 ? [t.leftBare(bare, formatCount(bare, text))] : []),
    ...(unknown > 0 ? [t.leftUnknown(unknown, formatCount(unknown, text))] : []),
  ]
  return (
    <section className="card" aria-label={t.title} data-testid="queue">
      <header className="row-between">
        <h2>{t.title}</h2>
        <span className="muted" data-testid="queue-left">
          {ms === 0 ? t.unknown : text.together(words)}
        </span>
      </header>
      <ol className="queue">
        {waiting.map((run, i) => (
          <Item
            key={run.id}
            run={run}
            before={waiting[i - 1]}
            after={waiting[i + 1]}
            left={runLeft(run, all)}
            about={differences(run.id)}
          />
        ))}
      </ol>
    </section>
  )
}
