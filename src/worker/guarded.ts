// Calls of the engine as the page gets them.
import { errorReport } from '../config/errors'
import type { Result } from './api'

/** Turns the error of a call into a Result. */
export async function guarded<T>(call: () => Promise<T>): Promise<Result<T>> {
  try {
    return { ok: true, value: await call() }
  } catch (error) {
    return { ok: false, error: errorReport(error) }
  }
}

/** The text so far for a page: at most 20 times a second. */
export function seldom(at: number, onText: (text: string, at: number) => void): (text: string) => void {
  let told = 0
  return (text) => {
    if (performance.now() - told < 50) return
    told = performance.now()
    onText(text, at)
  }
}

/** Least milliseconds between two reports of progress. */
const tellMs = 100

/** `tell`, but not more often than a person can see. */
export function seldomTold<Args extends unknown[]>(tell: (...args: Args) => void): (...args: Args) => void {
  let told = -Infinity
  return (...args) => {
    if (performance.now() - told < tellMs) return
    told = performance.now()
    tell(...args)
  }
}
