// Hears what the tabs of a browser say about runs, from a document of the same origin that is not the page.
import type { BrowserContext } from 'playwright'
import type { TrainEvent } from '../../src/worker/api'

export interface HeardEvent {
  runId: string
  event: TrainEvent
}

/** Calls `hear` for each event of a run, in order. */
export async function hearTabs(context: BrowserContext, address: string, hear: (heard: HeardEvent) => void): Promise<void> {
  const document = await context.newPage()
  await document.exposeBinding('heard', (_source, runId: string, events: TrainEvent[]) => {
    for (const event of events) hear({ runId, event })
  })
  await document.goto(`${address}demo/demo.json`)
  await document.evaluate(() => {
    const tell: (runId: string, events: unknown) => void = Reflect.get(globalThis, 'heard')
    new BroadcastChannel('tabtune').addEventListener('message', ({ data }) => {
      if (data.type === 'events') tell(data.runId, data.events)
    })
  })
}
