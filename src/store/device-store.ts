// The graphics adapter: whether there is one, and if not, which of the reasons it is.
import { createStore } from 'zustand/vanilla'
import type { Phrase } from '../config/phrase'
import type { DeviceNews, DeviceReport, EngineApi } from '../worker/api'

/** insecure: the page is not served over https or from localhost; browser: it has no WebGPU; adapter: WebGPU found no adapter. */
type DeviceProblem = 'insecure' | 'browser' | 'adapter'

export interface DeviceState {
  status: 'checking' | 'ready' | 'refused'
  report?: DeviceReport
  problem?: DeviceProblem
  /** The engine's reason. */
  error?: Phrase
  /** The device was lost and is being opened again. `leftMs`: the browser withholds it, and is asked for at most that long. */
  recovering?: { leftMs?: number }
}

/** What the page knows before it asks the engine. */
interface BrowserFacts {
  secure: boolean
  hasWebGpu: boolean
}

export function createDeviceStore(engine: EngineApi) {
  const store = createStore<DeviceState>(() => ({ status: 'checking' }))
  return {
    store,
    /** Takes in what the engine tells about the device between calls. */
    take(news: DeviceNews): void {
      if (news.type === 'recovering') store.setState({ recovering: { leftMs: news.leftMs } })
      else if (news.type === 'gone')
        store.setState({ recovering: undefined, status: 'refused', problem: 'adapter', error: news.error.phrase })
      else store.setState({ recovering: undefined, status: 'ready', report: news.report, problem: undefined, error: undefined })
    },
    async check(browser: BrowserFacts): Promise<void> {
      store.setState({ status: 'checking', problem: undefined, error: undefined })
      if (!browser.hasWebGpu) {
        store.setState({ status: 'refused', problem: browser.secure ? 'browser' : 'insecure' })
        return
      }
      const result = await engine.device()
      if (result.ok) store.setState({ status: 'ready', report: result.value })
      else store.setState({ status: 'refused', problem: 'adapter', error: result.error.phrase })
    },
  }
}
export type DeviceSlice = ReturnType<typeof createDeviceStore>
