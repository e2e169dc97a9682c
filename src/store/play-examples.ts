// Held-out rows of the loaded data as examples to try in the chat.
import type { EngineApi } from '../worker/api'
import type { DataSlice } from './data-store'
import type { PlaySlice } from './play-store'

interface Parts {
  engine: Pick<EngineApi, 'heldOutRow'>
  data: DataSlice
  play: PlaySlice
}

export function createPlayExamples({ engine, data, play }: Parts) {
  /** The data that were offered from, and the place of the next row. */
  let [of, next]: [string | undefined, number] = [undefined, 0]

  /** Fills in the next row, unless `still` says that it is no longer wanted when it is there. */
  async function fill(still: () => boolean): Promise<void> {
    const { report, maxLength } = data.store.getState()
    if (!report?.evalRows) return
    if (of !== report.id) [of, next] = [report.id, 0]
    const found = await engine.heldOutRow(next, maxLength)
    const row = found.ok ? found.value : undefined
    if (!row || data.store.getState().report !== report || !still()) return
    next = row.at + 1
    play.fillIn(row)
  }

  return {
    /** Fills the prompt with a held-out row, each time with another one. */
    next: () => fill(() => !play.store.getState().running),
    /** Fills in an example where the chat is empty, once for the loaded data. */
    async offer(): Promise<void> {
      const empty = (): boolean => {
        const { prompt, turns } = play.store.getState()
        return prompt === '' && turns.length === 0
      }
      if (empty() && of !== data.store.getState().report?.id) await fill(empty)
    },
  }
}
