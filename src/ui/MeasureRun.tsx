// What a few measured steps say before a run: its time, beside the start button, and the best number of rows at once, under the batch size.
import { useStore } from 'zustand'
import { type RunMeasure, type SizeMeasure, fastestSize } from '../config/run-measure'
import { ErrorMessage } from './ErrorMessage'
import { formatBytes, formatCount, formatDuration } from './format'
import { useBusy, useModel, useReadiness, useSetup, useStudio, useTasks } from './studio-context'
import { useSentence, useText } from './text/text'

/** Tokens per second, or pictures: each has as many positions. */
function useSpeed(): { pictures: boolean; speed(size: SizeMeasure): number } {
  const report = useModel().report
  const perRow = report?.pictures ? report.context : 1
  return { pictures: report?.pictures !== undefined, speed: ({ tokensPerSecond }) => Math.round(tokensPerSecond / perRow) }
}

/** What was measured, as long as it is about the run that is set up. */
function useMeasured(): { measure?: RunMeasure; running: boolean; own?: SizeMeasure; batchSize: unknown } {
  const { runMeasure } = useStudio()
  const setup = useSetup()
  const { measure, about, running } = useStore(runMeasure.store)
  const holds = measure !== undefined && about === runMeasure.about(setup)
  const { batchSize } = setup.training
  const own = holds ? measure.sizes.find(({ rows }) => rows === batchSize) : undefined
  return { measure: holds ? measure : undefined, running, own, batchSize }
}

function useCanMeasure(): boolean {
  const { obstacle, reloadsBase } = useReadiness()
  const busy = useBusy()
  return !busy && obstacle === undefined && !reloadsBase
}

function Cancel() {
  const text = useText()
  const { runMeasure } = useStudio()
  return (
    <button type="button" className="button-quiet" data-testid="measure-stop" onClick={() => void runMeasure.stop()}>
      {text.cancel}
    </button>
  )
}

/** The time of the whole run, or the button that measures it. */
export function RunTime() {
  const text = useText()
  const t = text.measure
  const { runMeasure } = useStudio()
  const can = useCanMeasure()
  const { own, running } = useMeasured()
  const { pictures, speed } = useSpeed()
  const { failed } = useTasks()
  if (running)
    return (
      <p className="run-time" role="status">
        <span className="muted">{t.measuring}</span> <Cancel />
      </p>
    )
  if (own)
    return (
      <p className="run-time" role="status" data-testid="run-time">
        <strong>{t.takes(formatDuration(own.runMs, text))}</strong>{' '}
        <span className="muted">· {(pictures ? t.pictureSpeed : t.speed)(formatCount(speed(own), text))}</span>
      </p>
    )
  return (
    <>
      {failed?.task.kind === 'timing' && <ErrorMessage message={failed.reason} />}
      {can && (
        <p className="run-time">
          <button
            type="button"
            className="button-quiet"
            data-testid="measure-time"
            title={t.help}
            onClick={() => void runMeasure.start(false)}
          >
            {t.start}
          </button>
        </p>
      )}
    </>
  )
}

function SizeRow({ size, used, fastest }: { size: SizeMeasure; used: boolean; fastest: boolean }) {
  const text = useText()
  const t = text.measure
  const { runMeasure } = useStudio()
  const { speed } = useSpeed()
  return (
    <tr data-testid="measured-size">
      <th scope="row">
        {size.rows} {fastest && <span className="muted">{t.fastest}</span>}
      </th>
      <td>{formatCount(speed(size), text)}</td>
      <td>{formatBytes(size.bytes)}</td>
      <td>{formatDuration(size.runMs, text)}</td>
      <td>
        {used ? (
          <span className="muted">{t.taken}</span>
        ) : (
          <button type="button" className="button-quiet" data-testid={`take-size-${size.rows}`} onClick={() => runMeasure.take(size)}>
            {t.take(size.rows)}
          </button>
        )}
      </td>
    </tr>
  )
}

function Sizes({ measure, batchSize }: { measure: RunMeasure; batchSize: unknown }) {
  const t = useText().measure
  const inWords = useSentence()
  const { sizes, now, end } = measure
  const { pictures } = useSpeed()
  const fastest = now === undefined ? fastestSize(sizes) : undefined
  return (
    <>
      <div className="table-scroll">
        <table className="table table-pinned" aria-label={t.sizes}>
          <thead>
            <tr>
              {[t.rows, pictures ? t.pictures : t.tokens, t.memory, t.time].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
              <td />
            </tr>
          </thead>
          <tbody>
            {sizes.map((size) => (
              <SizeRow key={size.rows} size={size} used={size.rows === batchSize} fastest={size === fastest} />
            ))}
          </tbody>
        </table>
      </div>
      {end && <p className="help">{inWords(end)}</p>}
      <p className="help">{t.kept}</p>
    </>
  )
}

/** Under the batch size: speed and bytes with several numbers of rows at once. */
export function BatchAdvisor() {
  const t = useText().measure
  const { runMeasure } = useStudio()
  const can = useCanMeasure()
  const { measure, running, batchSize } = useMeasured()
  const several = measure && (measure.sizes.length > 1 || measure.end !== undefined)
  return (
    <div className="sweep batch-advisor" data-testid="batch-advisor">
      <div className="button-row">
        <button
          type="button"
          className="button-quiet"
          data-testid="measure-sizes"
          disabled={!can}
          title={t.sizesHelp}
          onClick={() => void runMeasure.start(true)}
        >
          {t.sizes}
        </button>
        {running && <Cancel />}
      </div>
      {running && measure?.now !== undefined && (
        <p className="muted" role="status">
          {t.now(measure.now)}
        </p>
      )}
      {several && <Sizes measure={measure} batchSize={batchSize} />}
    </div>
  )
}
