// What a demo of pictures found: the accuracy of the base and of each method, as the mean of its seeds.
import type { CSSProperties } from 'react'
import { completed } from '../config/repetitions'
import { type ShownRow, comparisonRows, runsOf } from '../store/comparison-rows'
import { formatCount, formatShare } from './format'
import { useRuns } from './studio-context'
import type { Text } from './text/en'
import { inWords, useText } from './text/text'

interface Accuracy {
  name: string
  mean: number
  spread?: number
  seeds?: number
}

/** The base, and the mean of each method that has trained from all of its seeds. */
function accuraciesOf(rows: readonly ShownRow[], nameOf: (method: string) => string): Accuracy[] {
  return rows.flatMap(({ method, run, seeds, spread, finalAccuracy: mean }) =>
    run || mean === undefined ? [] : [{ name: nameOf(method), mean, spread: spread?.finalAccuracy, seeds }],
  )
}

const written = ({ mean, spread }: Accuracy, text: Text): string => {
  const share = formatShare(mean, 1, text)
  return spread === undefined ? share : text.compare.spread(share, formatShare(spread, 1, text))
}

interface Props {
  comparisonId: string
  /** The base reads the names of the classes, so that it needs no training. */
  reads: boolean
  done: boolean
}

export function DemoAccuracies({ comparisonId, reads, done }: Props) {
  const text = useText()
  const t = text.demo
  const runs = runsOf(useRuns(), comparisonId)
  const nameOf = (method: string): string => {
    const label = runs.find(({ config }) => config.method === method)?.methodLabel
    if (label !== undefined) return inWords(label, text)
    return reads ? t.zeroShot : text.compare.base
  }
  const all = accuraciesOf(completed(comparisonRows(runs)), nameOf)
  const [best] = all.filter(({ seeds }) => seeds !== undefined).toSorted((a, b) => b.mean - a.mean)
  return (
    <>
      {done && best && (
        <p data-testid="demo-best">{t.best(best.name, formatShare(best.mean, 1, text), formatCount(best.seeds ?? 1, text))}</p>
      )}
      <dl className="probabilities demo-accuracies" aria-label={t.accuracies} data-testid="demo-accuracies">
        {all.map((one) => (
          <div key={one.name} style={{ '--share': `${one.mean * 100}%` } as CSSProperties}>
            <dt>{one.seeds === undefined ? one.name : text.compare.meanOf(one.name, formatCount(one.seeds, text))}</dt>
            <dd>{written(one, text)}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}
