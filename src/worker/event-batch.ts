// Events cross to the page in bundles, at most ten a second, so that a fast run does not drown it.
import type { TrainEvent } from './api'

const everyMs = 100

export interface EventBatch {
  add(event: TrainEvent): void
  flush(): void
}

/** Of progress events only the last of a bundle is kept. */
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
      if (event.type === 'progress' && waiting[waiting.length - 1]?.type === 'progress') waiting.pop()
      waiting.push(event)
      timer ??= setTimeout(flush, everyMs)
    },
    flush,
  }
}
