// Under the precision of products: what fast ones cost and save in this run, from its first steps with both.
import { useStore } from 'zustand'
import { type PrecisionTrial, priceOf, trialSteps } from '../config/precision-trial'
import { ErrorMessage } from './ErrorMessage'
import { formatMs, formatShare } from './format'
import { useBusy, useDevice, useReadiness, useSetup, useStudio, useTasks } from './studio-context'
import { useSentence, useText } from './text/text'

function Price({ trials }: { trials: readonly PrecisionTrial[] }) {
  const text = useText()
  const t = text.precision
  const inWords = useSentence()
  const { precisionTrials } = useStudio()
  const { training } = useSetup()
  const failed = trials.find(({ failure }) => failure)
  if (failed?.failure) return <p className="problem">{text.labelled(t.names[failed.precision], inWords(failed.failure))}</p>
  const price = priceOf(trials)
  if (!price) return null
  return (
    <>
      <ul className="sweep-rates">
        {trials.map(({ precision }) => (
          <li key={precision} data-testid={`precision-${precision}`}>
            <strong>{t.names[precision]}</strong>{' '}
            <span className="muted">
              {t.step(formatMs(price.stepMs[precision], text))} · {t.loss(price.loss[precision].toFixed(5))}
            </span>{' '}
            {training.precision === precision ? (
              text.measure.taken
            ) : (
              <button
                type="button"
                className="button-quiet"
                data-testid={`take-${precision}`}
                onClick={() => precisionTrials.take(precision)}
              >
                {t.take(t.names[precision])}
              </button>
            )}
          </li>
        ))}
      </ul>
      <p className="help" role="status" data-testid="precision-price">
        {t.price(
          formatShare(price.stepMs.fast, price.stepMs.exact, text),
          price.gap.toExponential(1),
          price.gapStep,
          trials[0].losses.length,
        )}{' '}
        {t.seeds}
      </p>
    </>
  )
}

export function PrecisionAdvisor() {
  const text = useText()
  const t = text.precision
  const { precisionTrials } = useStudio()
  const { trials, about, running } = useStore(precisionTrials.store)
  const features = useDevice().report?.features
  const { failed } = useTasks()
  const { obstacle, reloadsBase } = useReadiness()
  const busy = useBusy()
  if (features && !features.includes('shader-f16')) return <p className="help">{t.lacking}</p>
  const now = running ? trials?.at(-1) : undefined
  return (
    <div className="sweep" data-testid="precision-advisor">
      <div className="button-row">
        <button
          type="button"
          className="button-quiet"
          data-testid="try-precisions"
          disabled={busy || obstacle !== undefined || reloadsBase}
          title={t.help(trialSteps)}
          onClick={() => void precisionTrials.start()}
        >
          {t.start}
        </button>
        {running && (
          <button type="button" className="button-quiet" data-testid="precisions-stop" onClick={() => void precisionTrials.stop()}>
            {text.cancel}
          </button>
        )}
      </div>
      {running && (
        <p className="muted" role="status">
          {now ? t.now(t.names[now.precision], now.losses.length, now.steps) : text.measure.measuring}
        </p>
      )}
      {failed?.task.kind === 'precisions' && <ErrorMessage message={failed.reason} />}
      {!running && trials && about === precisionTrials.about() && <Price trials={trials} />}
    </div>
  )
}
