// An engine that is slow to read data.
import type { EngineApi } from '../worker/api'
import { createFakeEngine } from './fake-engine'

/** An engine that waits before it reads data, and the lengths that it was asked to report on. */
export function slowReader(waitMs: number) {
  const lengths: number[] = []
  const engine = createFakeEngine({ beatMs: 0 })
  const loadData: EngineApi['loadData'] = async (file, evalFile, options, maxLength, onProgress) => {
    lengths.push(maxLength)
    await new Promise((resolve) => setTimeout(resolve, waitMs))
    return engine.loadData(file, evalFile, options, maxLength, onProgress)
  }
  return { lengths, change: { ...engine, loadData } }
}
