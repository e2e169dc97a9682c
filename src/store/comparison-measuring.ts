// What is measured around the runs of a comparison: the base before them, the base as it is asked in other ways, answers of other models,
// and each adapter after its run. The results are noted in the runs, so they are kept like runs.
import type { AskedBase, RowAnswers } from '../config/answered-rows'
import type { RowScore } from '../config/comparison'
import { type ErrorReport, phraseOf } from '../config/errors'
import type { Phrase } from '../config/phrase'
import { askedName, zeroShotName } from '../config/variants'
import { matchedAnswers } from '../scores/other-answers'
import type { EngineApi, Evaluation, Progress, Result, SortedPictures } from '../worker/api'
import type { ScoreAnswers } from '../worker/scores-client'
import { allAnswers } from './all-answers'
import type { ComparisonSlice } from './comparison-store'
import { unasked } from '../config/asking-fields'
import { type DataOptions, defaultDataOptions } from '../config/data-options'
import { allRows } from '../config/run-config'
import type { Measuring } from './measuring'
import type { Run, UntrainedRow } from './run'
import type { RunsSlice } from './runs-store'
import { likeliest } from './sorting-store'
import { toldOf } from './tasks'

type OnProgress = (p: Progress) => void

interface Parts {
  engine: EngineApi
  runs: RunsSlice
  comparison: ComparisonSlice
  measuring: Measuring
  score: ScoreAnswers
}

/** Both runs start from the same numbers, which are asked in the same way. */
const sameBase = (a: Run, b: Run): boolean =>
  a.comparison?.id === b.comparison?.id &&
  a.model.name === b.model.name &&
  a.model.base === b.model.base &&
  a.comparison?.task === b.comparison?.task

const exactIn = (rows: readonly RowAnswers[]) => ({
  matched: rows.filter(({ expected, answers }) => answers[0]?.text.trim() === expected).length,
  rows: rows.length,
})

/** What the probabilities of pictures say about how well they are sorted. */
function evaluationOf({ pictures }: SortedPictures, probabilities: readonly Float32Array[]): Evaluation {
  const named = pictures.flatMap(({ label }, at) => (label === undefined ? [] : [{ label, found: probabilities[at] }]))
  const evalLoss = named.reduce((sum, { label, found }) => sum - Math.log(found[label]), 0) / named.length
  const right = named.filter(({ label, found }) => likeliest(found) === label).length
  return { evalLoss, evalPerplexity: Math.exp(evalLoss), evalAccuracy: right / named.length }
}

/** A row for each template, and one for the mean of their texts. */
function zeroShotRows(templates: readonly string[], sorted: SortedPictures): UntrainedRow[] {
  const row = (names: readonly string[], probabilities: readonly Float32Array[]): UntrainedRow => ({
    name: zeroShotName(names),
    method: 'base',
    evaluation: evaluationOf(sorted, probabilities),
  })
  return [
    ...sorted.byTemplate.map(({ template, probabilities }) => row([template], probabilities)),
    row(
      templates,
      sorted.pictures.map(({ probabilities }) => probabilities),
    ),
  ]
}

/** Held-out rows, answered and judged. */
function createJudging({ engine, score }: Pick<Parts, 'engine' | 'score'>) {
  async function scored(rows: readonly Pick<RowAnswers, 'prompt' | 'expected'>[], answers: readonly string[]): Promise<Result<RowScore[]>> {
    const found = await score({ rows, columns: [answers], against: 0 })
    if (!found.ok) return found
    const figures = found.value.columns[0]?.scores.flatMap((each) => each.figures) ?? []
    return { ok: true, value: figures.map(({ key, label, form, value, interval }) => ({ key, label, form, value, interval })) }
  }

  /** The answers of the base or of an adapter to the rows that the comparison asks. */
  function answered(run: Run, runId: string | undefined, onProgress: OnProgress, ask?: AskedBase): Promise<Result<RowAnswers[]>> {
    const { exactMatchRows = 0, maxTokens = 96 } = run.comparison ?? {}
    const { maxLength } = run.config.training
    const request = { runIds: [runId], rows: exactMatchRows, seed: 0, maxLength, maxTokens, ask }
    return allAnswers(engine, request, onProgress)
  }

  const textsOf = (rows: readonly RowAnswers[]): string[] => rows.map(({ answers }) => answers[0]?.text.trim() ?? '')
  return { scored, answered, judged: (rows: readonly RowAnswers[]) => scored(rows, textsOf(rows)) }
}

/** Rows that need no training: the base that is asked in other ways, and the answers of other models. */
function createUntrained(
  { engine, runs, comparison, measuring: { note } }: Parts,
  { scored, answered, judged }: ReturnType<typeof createJudging>,
) {
  const others = (run: Run): Run[] => runs.store.getState().runs.filter((r) => r.id !== run.id && r.comparison?.id === run.comparison?.id)

  /** The rows without training of a comparison: those that a run of it has measured, as many as there are. */
  const untrainedOf = (run: Run): readonly UntrainedRow[] =>
    [run, ...others(run)].reduce<readonly UntrainedRow[]>(
      (most, { untrained = [] }) => (untrained.length > most.length ? untrained : most),
      [],
    )

  /** Asks the base in each of the other ways, and judges the answers of other models. Each result is noted as soon as it is there. */
  async function untrained(run: Run, held: readonly RowAnswers[], onProgress: OnProgress): Promise<ErrorReport | undefined> {
    let found = untrainedOf(run)
    const add = (row: UntrainedRow): void => {
      found = [...found, row]
      note(run.id, { untrained: found })
    }
    const isNew = (name: string): boolean => !found.some((row) => row.name === name)
    for (const asked of run.comparison?.asked ?? []) {
      const name = askedName(asked)
      if (!isNew(name)) continue
      const rows = await answered(run, undefined, onProgress, asked)
      if (!rows.ok && rows.error.kind === 'Cancelled') return rows.error
      const scores = rows.ok ? await judged(rows.value) : rows
      add({ name, method: 'base', ...(scores.ok ? { scores: scores.value } : { problem: scores.error.phrase }) })
    }
    for (const { name, given } of comparison.filesOf(run.comparison?.id)?.others ?? []) {
      if (!isNew(name)) continue
      try {
        const matched = matchedAnswers(name, held, given)
        const scores = await scored(
          matched,
          matched.map(({ answer }) => answer),
        )
        add({ name, method: 'answers', ...(scores.ok ? { scores: scores.value } : { problem: scores.error.phrase }) })
      } catch (error) {
        add({ name, method: 'answers', problem: phraseOf(error) })
      }
    }
    const templates = run.comparison?.templates ?? []
    if (templates.length > 0 && isNew(zeroShotName(templates))) {
      const sorted = await engine.sortPictures({ from: 'eval', templates, rows: run.config.training.evalRows }, onProgress)
      if (!sorted.ok) return sorted.error
      for (const row of zeroShotRows(templates, sorted.value)) add(row)
    }
    if (found.length > 0) note(run.id, { untrained: found })
    return undefined
  }

  return { others, untrainedOf, untrained }
}

export function createComparisonMeasuring(parts: Parts) {
  const { engine, runs, comparison, measuring } = parts
  const judging = createJudging(parts)
  const { others, untrainedOf, untrained } = createUntrained(parts, judging)
  const { answered, judged } = judging
  const { note } = measuring

  /** The loss on the file of what the model should still know. */
  async function retained(run: Run, when: 'before' | 'after', onProgress: OnProgress): Promise<ErrorReport | undefined> {
    const file = comparison.filesOf(run.comparison?.id)?.retained
    if (!file) return undefined
    const options: DataOptions = {
      ...defaultDataOptions,
      ...unasked,
      ...run.data.options,
      format: 'auto',
      columns: undefined,
      read: undefined,
    }
    const training = { ...run.config.training, ...allRows }
    const found = await engine.evaluateFile(when === 'before' ? undefined : run.id, file, options, training, onProgress)
    if (!found.ok) return found.error
    note(run.id, { retained: { ...runs.find(run.id)?.retained, name: file.file.name, [when]: found.value.evaluation } })
    return undefined
  }

  /** Answers of the base, or of the run's adapter, and their scores. */
  async function answers(run: Run, when: 'before' | 'after', onProgress: OnProgress): Promise<Result<RowAnswers[]>> {
    if (!run.comparison?.exactMatchRows) return { ok: true, value: [] }
    // Words are needed to find the answers of other models.
    const ask = when === 'before' ? { shots: 0 } : undefined
    const rows = await answered(run, when === 'before' ? undefined : run.id, onProgress, ask)
    if (!rows.ok) return rows
    const scores = await judged(rows.value)
    if (!scores.ok) return scores
    const now = runs.find(run.id)
    note(run.id, {
      exactMatch: { ...now?.exactMatch, [when]: exactIn(rows.value) },
      scores: { ...now?.scores, [when]: scores.value },
    })
    return rows
  }

  return {
    /** Measures the base, once for each way in which the runs start. Returns the reason if it fails. */
    async base(run: Run, onProgress: OnProgress): Promise<Phrase | undefined> {
      const twin = others(run).find((other) => sameBase(other, run) && other.baseEval)
      if (twin) {
        const { baseEval, exactMatch, scores, retained: kept } = twin
        note(run.id, {
          baseEval,
          exactMatch: exactMatch && { before: exactMatch.before },
          scores: scores && { before: scores.before },
          retained: kept && { name: kept.name, before: kept.before },
          ...(untrainedOf(run).length > 0 && { untrained: untrainedOf(run) }),
        })
        return undefined
      }
      const found = await engine.evaluate(undefined, run.config.training, onProgress)
      if (!found.ok) return found.error.phrase
      const held = await answers(run, 'before', onProgress)
      if (!held.ok) return held.error.phrase
      const problem = (await retained(run, 'before', onProgress)) ?? (await untrained(run, held.value, onProgress))
      if (problem) return problem.phrase
      // Noted last: where it is, the base needs not be measured again.
      note(run.id, { baseEval: found.value })
      return undefined
    },
    /** Measures a run's adapter, and notes the results in the run. Returns the reason if it fails. */
    async adapter(run: Run, onProgress: OnProgress): Promise<Phrase | undefined> {
      const after = await answers(run, 'after', onProgress)
      const problem = after.ok ? await retained(run, 'after', onProgress) : after.error
      return problem && toldOf(problem)
    },
  }
}
export type ComparisonMeasuring = ReturnType<typeof createComparisonMeasuring>
