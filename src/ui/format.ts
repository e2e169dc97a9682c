// Numbers as people read them.
import type { Metric } from '../config/metrics'
import type { Text } from './text/en'

export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}

/** Whole numbers with separators: 12,345. */
export function formatCount(value: number, text: Text): string {
  return new Intl.NumberFormat(text.locale, { maximumFractionDigits: 0 }).format(value)
}

/** Short: 656 K, 7.2 B. */
export function formatCompact(value: number, text: Text): string {
  return new Intl.NumberFormat(text.locale, { notation: 'compact', maximumFractionDigits: 1 }).format(value)
}

/** Measured values, four digits: 2.134, 0.0002, 1.2e-6. */
export function formatValue(value: number | undefined): string {
  if (value === undefined) return '–'
  if (!Number.isFinite(value)) return String(value)
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(2)
  if (size >= 1000) return value.toFixed(0)
  return Number(value.toPrecision(4)).toString()
}

/** Ticks of an axis: short, and the same form for all of them. */
export function formatTick(value: number): string {
  const size = Math.abs(value)
  if (size !== 0 && size < 1e-3) return value.toExponential(1).replace('.0e', 'e')
  return Number(value.toPrecision(3)).toString()
}

export function formatShare(part: number, whole: number, text: Text): string {
  const share = whole > 0 ? part / whole : 0
  return new Intl.NumberFormat(text.locale, { style: 'percent', maximumSignificantDigits: share < 0.1 ? 2 : 3 }).format(share)
}

/** A metric's value as people read it; a dash where there is none. */
export function formatMetric({ form }: Pick<Metric, 'form'>, value: number | undefined, text: Text): string {
  if (value === undefined || form === 'value') return formatValue(value)
  if (form === 'bytes') return formatBytes(value)
  return form === 'share' ? formatShare(value, 1, text) : formatCompact(value, text)
}

export function formatDuration(ms: number, text: Text): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 60) return text.time.seconds(String(seconds))
  if (seconds < 3600) return text.time.minutes(String(Math.floor(seconds / 60)), String(seconds % 60))
  return text.time.hours(String(Math.floor(seconds / 3600)), String(Math.floor((seconds % 3600) / 60)))
}

/** Milliseconds with three digits: 45.2 ms, 1,230 ms. */
export function formatMs(ms: number, text: Text): string {
  return text.time.milliseconds(new Intl.NumberFormat(text.locale, { maximumSignificantDigits: 3 }).format(ms))
}

export function formatDate(at: number, text: Text): string {
  return new Intl.DateTimeFormat(text.locale, { dateStyle: 'medium', timeStyle: 'short' }).format(at)
}
