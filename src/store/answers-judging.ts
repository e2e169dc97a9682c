// Has answers judged, while they come and when the person changes the scores.
import type { StoreApi } from 'zustand/vanilla'
import type { ScoreAnswers } from '../worker/scores-client'
import type { AnswersState } from './answers-state'
import { toldOf } from './tasks'

/** While rows are being answered, judging takes at most this share of the time. */
const share = 0.1
const leastMs = 1000

export function createAnswersJudging(store: StoreApi<AnswersState>, score: ScoreAnswers) {
  let judging: AbortController | undefined
  let nextAt = 0

  async function judge(): Promise<void> {
    const { rows, columns, metrics, against } = store.getState()
    judging?.abort()
    if (!rows.length) return
    const mine = (judging = new AbortController())
    store.setState({ scoring: true })
    const began = performance.now()
    const request = {
      rows: rows.map(({ prompt, expected }) => ({ prompt, expected })),
      columns: columns.map((_, k) => rows.map(({ answers }) => answers[k].text.trim())),
      names: metrics,
      against,
    }
    const found = await score(request, mine.signal)
    if (judging !== mine) return
    judging = undefined
    nextAt = performance.now() + Math.max(leastMs, (performance.now() - began) / share)
    if (found.ok) store.setState({ scored: found.value, scoredRows: rows.length, scoring: false })
    else store.setState({ scoring: false, error: toldOf(found.error) })
  }

  return {
    /** Judges all answers; a judgement that is under way is given up. */
    now: judge,
    /** Judges the answers so far, if the last judgement is some time ago. */
    async seldom(): Promise<void> {
      if (!judging && performance.now() >= nextAt) await judge()
    },
    /** Gives a judgement up that is under way. */
    forget(): void {
      judging?.abort()
      judging = undefined
      nextAt = 0
    },
  }
}
