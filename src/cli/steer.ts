// Handles Ctrl-C while a run is running.
import type { EventEmitter } from 'node:events'
import type { Control } from '../train/control'

const words = {
  stop: 'Stopping after the current step or rows; the adapter is kept. Press Ctrl-C again to skip the evaluation at the end.\n',
  skip: 'Skipping the evaluation at the end; the adapter is kept. Press Ctrl-C again to end the program at once.\n',
}

/** The first Ctrl-C stops the run and keeps its adapter, the second skips the evaluation at the end, the third ends the program. */
export function steerBySignal(control: Control, signals: Pick<EventEmitter, 'on' | 'off'> = process): void {
  const onSignal = () => {
    const done = control.interrupt()
    process.stderr.write(`\n${words[done]}`)
    if (done === 'skip') signals.off('SIGINT', onSignal)
  }
  signals.on('SIGINT', onSignal)
}
