// Messages of other tabs, checked: such a tab may still have the page of another version.
import * as v from 'valibot'
import type { TrainEvent } from '../worker/api'
import { evalMetrics, parseKeptRun, phrase, sampledAnswers, sign, stepMetrics } from './kept-run'
import type { KeptRun } from './run'
import type { TabMessage } from './tab-channel'

const maybeNumber = v.optional(v.number())
const phases = [
  'compiling',
  'training',
  'evaluating',
  'recovering',
  'reading',
  'tuning',
  'quantising',
  'mapping',
  'uploading',
  'tokenising',
  'generating',
  'merging',
  'saving',
] as const

const event: v.GenericSchema<unknown, TrainEvent> = v.variant('type', [
  v.object({ type: v.literal('status'), status: v.picklist(['preparing', 'training', 'recovering', 'paused']) }),
  v.object({
    type: v.literal('progress'),
    progress: v.object({
      phase: v.picklist(phases),
      detail: v.optional(v.string()),
      fraction: maybeNumber,
      rows: v.optional(v.object({ done: v.number(), all: v.number() })),
      evaluationLeftMs: maybeNumber,
      closing: v.optional(v.boolean()),
      leftMs: maybeNumber,
    }),
  }),
  v.object({ type: v.literal('step'), metrics: stepMetrics }),
  v.object({ type: v.literal('eval'), metrics: evalMetrics }),
  v.object({ type: v.literal('resumed'), steps: v.array(stepMetrics), evals: v.array(evalMetrics) }),
  v.object({ type: v.literal('kept'), step: v.number(), sizeBytes: v.number() }),
  v.object({ type: v.literal('problem'), problem: phrase }),
  v.object({ type: v.literal('sign'), sign }),
  v.object({ type: v.literal('samples'), samples: sampledAnswers }),
  v.object({ type: v.literal('stays'), reason: phrase }),
])

const runId = v.string()
const record = v.looseObject({ id: v.string() })
const message = v.variant('type', [
  v.object({ type: v.literal('run'), kept: v.looseObject({ run: record }) }),
  v.object({ type: v.literal('events'), runId, events: v.array(v.unknown()) }),
  v.object({ type: v.literal('ask'), runId }),
  v.object({ type: v.literal('take'), runId }),
  v.object({ type: v.literal('changed'), run: record }),
  v.object({
    type: v.literal('look'),
    runId,
    name: v.exactOptional(v.string()),
    visible: v.exactOptional(v.boolean()),
    starred: v.exactOptional(v.boolean()),
    tags: v.exactOptional(v.array(v.string())),
    notes: v.exactOptional(v.string()),
  }),
  v.object({ type: v.literal('removed'), runId }),
  v.object({ type: v.literal('copies') }),
])

function keptRun(id: string, input: unknown): KeptRun | undefined {
  try {
    return parseKeptRun(id, input)
  } catch {
    return undefined
  }
}

/** A message as this version knows it, without the events that it does not know; undefined if it is none. */
export function parseTabMessage(input: unknown): TabMessage | undefined {
  const found = v.safeParse(message, input)
  if (!found.success) return undefined
  const heard = found.output
  switch (heard.type) {
    case 'run': {
      const kept = keptRun(heard.kept.run.id, heard.kept)
      return kept && { type: 'run', kept }
    }
    case 'changed': {
      const kept = keptRun(heard.run.id, { run: heard.run, series: {} })
      return kept && { type: 'changed', run: kept.run }
    }
    case 'events': {
      const events = heard.events.flatMap((one) => {
        const known = v.safeParse(event, one)
        return known.success ? [known.output] : []
      })
      return { ...heard, events }
    }
    default:
      return heard
  }
}
