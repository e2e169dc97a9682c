// What the tabs of this browser say to each other about runs.
import type { TrainEvent } from '../worker/api'
import type { KeptRun } from './run'

type TabMessage =
  /** The tab that trains a run shows it as it is now. */
  | { type: 'run'; kept: KeptRun }
  /** What has happened to it since. */
  | { type: 'events'; runId: string; events: TrainEvent[] }
  /** A tab that has just found a run asks for it as it is now. */
  | { type: 'ask'; runId: string }
  /** A tab wants to resume the run itself. */
  | { type: 'take'; runId: string }

export interface TabChannel {
  /** To all other tabs. */
  send(message: TabMessage): void
  listen(hear: (message: TabMessage) => void): void
}

/** The browser's own channel. All tabs of an origin run the same page, so its messages are trusted. */
export function broadcastTabs(): TabChannel {
  const channel = new BroadcastChannel('tabtune')
  return {
    send: (message) => channel.postMessage(message),
    listen: (hear) => channel.addEventListener('message', ({ data }: MessageEvent<TabMessage>) => hear(data)),
  }
}

/** Tabs in one process: each call gives one more of them. */
export function memoryTabs(): () => TabChannel {
  const tabs: ((message: TabMessage) => void)[][] = []
  return () => {
    const own: ((message: TabMessage) => void)[] = []
    tabs.push(own)
    return {
      send(message) {
        for (const others of tabs) if (others !== own) for (const hear of others) queueMicrotask(() => hear(structuredClone(message)))
      },
      listen: (hear) => void own.push(hear),
    }
  }
}
