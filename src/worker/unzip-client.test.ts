// A person can stop the unzipping: its worker ends at once.
import { afterEach, expect, it, vi } from 'vitest'
import { Cancelled } from '../config/errors'
import { unzipInWorker } from './unzip-client'

class SilentWorker extends EventTarget {
  static made: SilentWorker[] = []
  readonly terminate = vi.fn<() => void>()
  readonly postMessage = vi.fn<(message: unknown) => void>()
  constructor() {
    super()
    SilentWorker.made.push(this)
  }
}

afterEach(() => vi.unstubAllGlobals())

it('ends the worker when it is stopped, and starts none when it was stopped before', async () => {
  vi.stubGlobal('Worker', SilentWorker)
  vi.stubGlobal('location', new URL('http://localhost/'))
  const stopped = new AbortController()
  const unzipping = unzipInWorker('all.zip', new Blob(), true, stopped.signal)
  const [worker] = SilentWorker.made
  expect(worker.postMessage).toHaveBeenCalledOnce()
  stopped.abort()
  await expect(unzipping).rejects.toBeInstanceOf(Cancelled)
  expect(worker.terminate).toHaveBeenCalledOnce()
  await expect(unzipInWorker('all.zip', new Blob(), true, stopped.signal)).rejects.toBeInstanceOf(Cancelled)
  expect(SilentWorker.made).toHaveLength(1)
})
