import { EventEmitter } from 'node:events'
import { expect, it, vi } from 'vitest'
import { Control } from '../train/control'
import { steerBySignal } from './steer'

it('Ctrl-C stops a run, then skips the evaluation at its end, then ends the program', () => {
  const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const [control, signals] = [new Control(), new EventEmitter()]
  steerBySignal(control, signals)
  expect(signals.emit('SIGINT')).toBe(true)
  expect([control.stopped, control.skipped]).toEqual([true, false])
  expect(told).toHaveBeenLastCalledWith(expect.stringContaining('the adapter is kept. Press Ctrl-C again to skip'))
  expect(signals.emit('SIGINT')).toBe(true)
  expect(control.skipped).toBe(true)
  // Nothing listens any more, so the system ends the process.
  expect(signals.emit('SIGINT')).toBe(false)
  told.mockRestore()
})
