// Events cross to the page in bundles, at most ten a second, so that a fast run does not drown it.
import type { TrainEvent } from './api'
import type { RecoveryEvents } from './surviving-run'

const everyMs = 100

export interface EventBatch {
  add(event: TrainEvent): void
  flush(): void
}

/** Of progress events only the last of a bundle is kept, since it replaces those before it. */
export function batchEvents(send: (events: TrainEvent[]) => void): EventBatch {
  let waiting: TrainEvent[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    if (waiting.length) send(waiting)
    waiting = []
  }
  return {
    add(event) {
      if (event.type === 'progress') waiting = waiting.filter((e) => e.type !== 'progress')
      waiting.push(event)
      timer ??= setTimeout(flush, everyMs)
    },
    flush,
  }
}

/** A run's callbacks as events for the page. */
export function eventsOf({ add }: EventBatch): RecoveryEvents {
  let started = false
  return {
    onProgress(progress) {
      if (!started && progress.phase !== 'compiling') {
        started = true
        add({ type: 'status', status: 'training' })
      }
      add({ type: 'progress', progress })
    },
    onRecovering() {
      started = false
      add({ type: 'status', status: 'recovering' })
      add({ type: 'progress', progress: { phase: 'recovering' } })
    },
    onResumed: (steps, evals) => add({ type: 'resumed', steps: [...steps], evals: [...evals] }),
    onStep: (metrics) => add({ type: 'step', metrics }),
    onEval: (metrics) => add({ type: 'eval', metrics }),
    onSign: (sign) => add({ type: 'sign', sign }),
    onStays: (reason) => add({ type: 'stays', reason }),
    onPaused: (paused) => add({ type: 'status', status: paused ? 'paused' : 'training' }),
  }
}
