// Token lengths of the rows as bars; the cut is a line.
import type { DataReport } from '../worker/api'
import { formatCount } from './format'
import { useText } from './text/text'

const width = 480
const height = 72

export function Histogram({ histogram, maxLength }: { histogram: DataReport['histogram']; maxLength: number }) {
  const text = useText()
  const { counts, binWidth, longest } = histogram
  const top = Math.max(1, ...counts)
  const bar = width / Math.max(1, counts.length)
  const cutAt = (maxLength / (binWidth * Math.max(1, counts.length))) * width
  return (
    <figure className="histogram">
      <figcaption>
        {text.data.histogram} <span className="muted">{text.data.histogramSummary(formatCount(longest, text))}</span>
      </figcaption>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={text.labelled(text.data.histogram, text.data.histogramSummary(String(longest)))}
      >
        {counts.map((count, i) => {
          const h = count === 0 ? 0 : Math.max(1.5, (count / top) * (height - 4))
          return (
            <rect
              key={i}
              x={i * bar + 0.75}
              y={height - h}
              width={Math.max(0.5, bar - 1.5)}
              height={h}
              className={i * binWidth >= maxLength ? 'bar bar-cut' : 'bar'}
            >
              <title>{text.data.histogramLabel(formatCount(count, text), String(i * binWidth), String((i + 1) * binWidth - 1))}</title>
            </rect>
          )
        })}
        {cutAt < width && <line x1={cutAt} x2={cutAt} y1={0} y2={height} className="cut-line" />}
      </svg>
      <div className="histogram-axis muted" aria-hidden="true">
        <span>0</span>
        <span>{text.model.tokens(formatCount(binWidth * counts.length, text))}</span>
      </div>
    </figure>
  )
}
