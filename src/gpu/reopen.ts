// Opens a device again after a loss. After two crashes of the browser's GPU process within two minutes, Chromium refuses the page an adapter
// for about 130 seconds; a reload by the person lifts that at once.
import { DeviceLost, phraseOf } from '../config/errors'
import { say } from '../config/phrase'
import type { Gpu } from './gpu'

const withinMs = 150_000
const firstDelayMs = 50
const mostDelayMs = 3000
/** A request may hang while the lost device's work still blocks the GPU. It is then asked again. */
const attemptMs = 10_000
const tellMs = 1000

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** The device that `open` opens, if it comes within `attemptMs`. One that comes later is not needed and is destroyed. */
async function attempt(open: () => Promise<Gpu>): Promise<Gpu> {
  const opening = open()
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new DeviceLost(say`the browser did not answer`))
      opening.then(
        (gpu) => gpu.destroy(),
        () => undefined,
      )
    }, attemptMs)
  })
  try {
    return await Promise.race([opening, late])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Calls `open` until it gives a device, with growing pauses. `onWait` is called about once a second if that takes longer, with the time for
 * which the browser will still be asked. @throws DeviceLost if there is no device in time
 */
export async function reopen(open: () => Promise<Gpu>, onWait?: (leftMs: number) => void): Promise<Gpu> {
  const start = performance.now()
  const spentMs = (): number => performance.now() - start
  for (let delayMs = firstDelayMs; ; delayMs = Math.min(mostDelayMs, delayMs * 2)) {
    try {
      return await attempt(open)
    } catch (error) {
      if (spentMs() + delayMs >= withinMs)
        throw new DeviceLost(
          say`graphics device: lost, and the browser did not give it back within ${withinMs / 1000} seconds (${phraseOf(error)}). Reload the page with F5. If that does not help, restart the browser.`,
        )
    }
    for (const until = spentMs() + delayMs; spentMs() < until;) {
      if (spentMs() > tellMs) onWait?.(withinMs - spentMs())
      await pause(Math.min(tellMs, until - spentMs()))
    }
  }
}
