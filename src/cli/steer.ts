// Ctrl-C while a run is under way.
import type { EventEmitter } from 'node:events'
import type { Control } from '../train/control'

const words = {
  stop: 'Stopping after the step or the rows under way; the adapter is kept. Ctrl-C again skips what is measured at the end.\n',
  skip: 'Skipping what is measured at the end; the adapter is kept. Ctrl-C again ends the program at once.\n',
}

/** The first Ctrl-C stops the run and keeps its adapter, the second skips what is measured at its end, the third ends the program. */
export function steerBySignal(control: Control, signals: Pick<EventEmitter, 'on' | 'off'> = process): void {
  const onSignal = () => {
    const done = control.interrupt()
    process.stderr.write(`\n${words[done]}`)
    if (done === 'skip') signals.off('SIGINT', onSignal)
  }
  signals.on('SIGINT', onSignal)
}
