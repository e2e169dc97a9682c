import { expect, test } from 'vitest'
import { Cancelled } from '../config/errors'
import { Steered } from './steered'

/** Lasts until it is cancelled, and then until `freed`. */
const lasting =
  (freed = Promise.resolve()) =>
  (signal: AbortSignal) =>
    new Promise<never>((_, reject) => signal.addEventListener('abort', () => void freed.then(() => reject(signal.reason))))

class Engine extends Steered {
  answer = (freed?: Promise<void>) => this.abortable(lasting(freed), true)
  read = () => this.abortable(lasting(), false)
  sweep = () => this.abortableAlone(lasting())
  train = (work: () => Promise<string>) => this.alone(work)
  refused = () => this.abortable(async () => this.idle(), true)
}

test('a call that was refused does not keep the one in progress from being cancelled', async () => {
  const engine = new Engine()
  const sweep = engine.sweep()
  await expect(engine.refused()).rejects.toThrow('A run is in progress')
  await engine.cancel()
  await expect(sweep).rejects.toThrow(Cancelled)
})

test('a run ends what uses the device, and waits until that has freed its memory; reading data continues', async () => {
  const engine = new Engine()
  const order: string[] = []
  let resolve = (): void => undefined
  const freed = new Promise<void>((done) => (resolve = done))
  const answering = engine.answer(freed).catch((error: unknown) => order.push((error as Error).name))
  const reading = engine.read()
  const run = engine.train(async () => `${order.push('run')}`)
  resolve()
  await Promise.all([run, answering])
  expect(order).toEqual(['Cancelled', 'run'])
  await engine.cancel()
  await expect(reading).rejects.toThrow(Cancelled)
})
