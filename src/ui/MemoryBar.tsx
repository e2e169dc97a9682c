// The bytes of a run by purpose, as one bar; each part is named on hover and in the list for screen readers.
import type { MemoryReport } from '../worker/api'
import { formatBytes } from './format'
import { useText } from './text/text'

/** Purposes in the order of their colours, so that each has its own, and the same for every run. */
const purposes = ['weights', 'adapter', 'gradients', 'optimizer', 'activations', 'inputs', 'tables', 'readback']

const shadeOf = (purpose: string): string => `shade-${purposes.includes(purpose) ? purposes.indexOf(purpose) : purposes.length}`

export function MemoryBar({ memory }: { memory: MemoryReport }) {
  const text = useText()
  const parts = memory.parts.filter((p) => p.bytes > 0)
  const name = (purpose: string): string => text.memory.purposes[purpose] ?? purpose
  const words = text.listed(parts.map((p) => `${name(p.purpose)} ${formatBytes(p.bytes)}`))
  return (
    <details className="memory">
      <summary>
        <svg
          className="memory-bar"
          viewBox="0 0 1000 10"
          preserveAspectRatio="none"
          role="img"
          aria-label={text.labelled(text.memory.title, words)}
        >
          {parts.map((part, i) => {
            const width = (part.bytes / Math.max(1, memory.totalBytes)) * 1000
            const before = parts.slice(0, i).reduce((sum, p) => sum + p.bytes, 0)
            const x = (before / Math.max(1, memory.totalBytes)) * 1000
            return (
              <rect key={part.purpose} x={x} width={Math.max(1, width - 2)} y={0} height={10} className={shadeOf(part.purpose)}>
                <title>{text.labelled(name(part.purpose), formatBytes(part.bytes))}</title>
              </rect>
            )
          })}
        </svg>
      </summary>
      <ul className="memory-parts">
        {parts.map((part) => (
          <li key={part.purpose}>
            <svg className="swatch" viewBox="0 0 10 10" aria-hidden="true">
              <rect width={10} height={10} rx={2} className={shadeOf(part.purpose)} />
            </svg>
            {name(part.purpose)} <span className="muted">{formatBytes(part.bytes)}</span>
          </li>
        ))}
      </ul>
    </details>
  )
}
