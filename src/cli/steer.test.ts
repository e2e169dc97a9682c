import { EventEmitter } from 'node:events'
import { expect, it, vi } from 'vitest'
import { Control } from '../train/control'
import { steerBySignal } from './steer'

it('Ctrl-C stops a run, then skips what is measured at its end, then ends the program', () => {
  const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const [control, signals] = [new Control(), new EventEmitter()]
  steerBySignal(control, signals)
  expect(signals.emit('SIGINT')).toBe(true)
  expect([control.stopped, control.skipped]).toEqual([true, false])
  expect(told).toHaveBeenLastCalledWith(expect.stringContaining('the adapter is kept. Ctrl-C again skips'))
  expect(signals.emit('SIGINT')).toBe(true)
  expect(control.skipped).toBe(true)
  // Nobody listens any more, so that the system ends the process.
  expect(signals.emit('SIGINT')).toBe(false)
  told.mockRestore()
})
