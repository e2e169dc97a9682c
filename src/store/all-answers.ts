// Answers to held-out rows, all together once the last one is there.
import type { RowAnswers } from '../config/answered-rows'
import type { AnswersRequest, EngineApi, Progress, Result } from '../worker/api'

/** The rows with the answer of each model of the request, in the engine's order. */
export async function allAnswers(
  engine: Pick<EngineApi, 'answerRows'>,
  request: AnswersRequest,
  onProgress: (p: Progress) => void,
): Promise<Result<RowAnswers[]>> {
  const rows: RowAnswers[] = []
  onProgress({ phase: 'generating', fraction: 0 })
  const result = await engine.answerRows(request, (more, { done, all }) => {
    rows.push(...more)
    onProgress({ phase: 'generating', fraction: done / Math.max(1, all) })
  })
  return result.ok ? { ok: true, value: rows } : result
}
