// The heads of columns of runs, and their values in words.
import { useMemo } from 'react'
import { useStore } from 'zustand'
import type { Field, FieldValue } from '../config/field'
import { trainingFields } from '../config/run-config'
import type { RunColumn } from '../store/run-columns'
import { type Run, isOver, shareOf } from '../store/run'
import { formatBytes, formatCompact, formatDuration, formatMetric, formatShare } from './format'
import { useStudio } from './studio-context'
import type { Text } from './text/en'
import { inWords, useText } from './text/text'

export interface ColumnWords {
  head(column: RunColumn): string
  /** The value of `run`, in words. */
  value(column: RunColumn, run: Run): string
  /** How far a number is from that of another run, with its sign; undefined where either is missing, or they are the same. */
  delta(column: RunColumn, run: Run, from: Run): string | undefined
}

function numberText(column: Exclude<RunColumn, { of: 'setting' }>, value: number, text: Text): string {
  if (column.of === 'figure') return formatMetric(column.metric, value, text)
  if (column.key === 'trainable') return formatCompact(value, text)
  return column.key === 'trainingTime' ? formatDuration(value, text) : formatBytes(value)
}

function settingText(field: Field | undefined, value: FieldValue, text: Text): string {
  if (typeof value === 'boolean') return value ? text.runs.on : text.runs.off
  const option = field?.type === 'choice' ? field.options.find((one) => one.value === value) : undefined
  if (option) return inWords(option.label, text)
  return value === '' ? text.runs.none : String(value)
}

/** The adapter's share, with the base's beside it. */
function exactText(run: Run, after: number, text: Text): string {
  const before = shareOf(run.exactMatch?.before)
  const written = formatShare(after, 1, text)
  return before === undefined ? written : text.runs.beforeAfter(formatShare(before, 1, text), written)
}

function valueText(column: RunColumn, run: Run, field: Field | undefined, text: Text): string {
  const value = column.value(run)
  // A run that has not ended may still be measured.
  if (value === undefined) return column.of === 'figure' && isOver(run) ? text.runs.notMeasured : text.runs.none
  if (column.of === 'setting') return settingText(field, value, text)
  if (typeof value === 'number') {
    if (column.id === 'exactMatch') return exactText(run, value, text)
    const { memory } = run.summary ?? run
    const share = column.id === 'trainable' && memory ? text.runs.share(formatShare(value, memory.totalParameters, text)) : ''
    return numberText(column, value, text) + share
  }
  if (column.id === 'method') return inWords(String(value), text)
  return column.id === 'base' ? text.compare.bases[run.model.base] : String(value)
}

function deltaText(column: RunColumn, run: Run, from: Run, text: Text): string | undefined {
  const [value, before] = [column.value(run), column.value(from)]
  if (column.of === 'setting' || typeof value !== 'number' || typeof before !== 'number') return undefined
  const delta = value - before
  if (!Number.isFinite(delta) || delta === 0) return undefined
  return `${delta > 0 ? '+' : '−'}${numberText(column, Math.abs(delta), text)}`
}

export function useColumnWords(): ColumnWords {
  const text = useText()
  const methodFields = useStore(useStudio().setup.store, (s) => s.methodFields)
  return useMemo(() => {
    const fields = new Map<string, Field>([...(methodFields ?? []), ...trainingFields].map((field) => [field.key, field]))
    const fieldOf = (column: RunColumn): Field | undefined => (column.of === 'setting' ? fields.get(column.key) : undefined)
    return {
      head(column) {
        if (column.of === 'fact') return text.runs.facts[column.key]
        if (column.of === 'figure') return inWords(column.label, text)
        const label = fieldOf(column)?.label
        return label === undefined ? column.key : inWords(label, text)
      },
      value: (column, run) => valueText(column, run, fieldOf(column), text),
      delta: (column, run, from) => deltaText(column, run, from, text),
    }
  }, [text, methodFields])
}
