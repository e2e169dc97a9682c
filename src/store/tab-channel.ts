// What the tabs of this browser say to each other about runs and copies.
import type { TrainEvent } from '../worker/api'
import type { KeptRun, Noted, Run } from './run'

export type TabMessage =
  /** The tab that trains a run, or has it in its queue, shows it as it is now. */
  | { type: 'run'; kept: KeptRun }
  /** What has happened to it since. */
  | { type: 'events'; runId: string; events: TrainEvent[] }
  /** A tab that has just found a run asks for it as it is now. */
  | { type: 'ask'; runId: string }
  /** A tab wants to resume the run itself. */
  | { type: 'take'; runId: string }
  /** The record of a run that has ended is another one now. */
  | { type: 'changed'; run: Run }
  /** What a person notes about a run that has ended has changed. */
  | ({ type: 'look'; runId: string } & Partial<Noted>)
  /** A run was deleted. */
  | { type: 'removed'; runId: string }
  /** A copy of a model or dataset was made, opened or deleted. */
  | { type: 'copies' }

export interface TabChannel {
  /** To all other tabs. */
  send(message: TabMessage): void
  /** Messages are unchecked: another tab may have the page of another version. */
  listen(hear: (message: unknown) => void): void
}

/** The browser's own channel. */
export function broadcastTabs(): TabChannel {
  const channel = new BroadcastChannel('tabtune')
  return {
    send: (message) => channel.postMessage(message),
    listen: (hear) => channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => hear(data)),
  }
}

/** Tabs in one process: each call gives one more of them. */
export function memoryTabs(): () => TabChannel {
  const tabs: ((message: unknown) => void)[][] = []
  return () => {
    const own: ((message: unknown) => void)[] = []
    tabs.push(own)
    return {
      send(message) {
        for (const others of tabs) if (others !== own) for (const hear of others) queueMicrotask(() => hear(structuredClone(message)))
      },
      listen: (hear) => void own.push(hear),
    }
  }
}
