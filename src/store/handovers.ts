// Runs on their way from one tab to another. Until such a run has arrived, the queues of both tabs start nothing, so that it goes first.

/** If the other tab has not said within this time that it has the run, the queue continues. */
export const handoverLimitMs = 10_000

export function createHandovers() {
  const underWay = new Map<string, { ended: Promise<void>; end: () => void }>()

  function end(runId: string): void {
    underWay.get(runId)?.end()
    underWay.delete(runId)
  }

  return {
    /** A run leaves this tab or comes to it, until `end` is called or the time is over. */
    begin(runId: string, limitMs?: number): void {
      end(runId)
      let resolve: () => void = () => undefined
      const ended = new Promise<void>((done) => (resolve = done))
      const timer = limitMs === undefined ? undefined : setTimeout(() => end(runId), limitMs)
      const one = { ended, end: () => (clearTimeout(timer), resolve()) }
      underWay.set(runId, one)
    },
    end,
    some: (): boolean => underWay.size > 0,
    async ended(): Promise<void> {
      while (underWay.size > 0) await Promise.all([...underWay.values()].map(({ ended }) => ended))
    },
  }
}
export type Handovers = ReturnType<typeof createHandovers>
