// Answers a few held-out prompts at each evaluation of a run, with the weights as they are on the GPU, so that one sees the run learn.
// Training is not touched: nothing that it reads or writes is changed.
import { Cancelled, DeviceLost, phraseOf } from '../config/errors'
import type { SampledAnswers } from '../config/run-reports'
import type { Question } from '../data/dataset'
import { sampleRows } from '../data/sample-rows'
import { decodeContinuation } from '../tokenizer/tokenizer'
import type { ConductEvents, LiveRun } from '../train/conduct'
import { type Ask, Generator } from './generate'

const maxTokens = 32
/** Longer prompts are left out. */
const mostPromptTokens = 1024
/** Of the time of training, and what is allowed beside it for the first answers and for the last. */
const [share, extraMs] = [0.1, 2000]
/** Answers that would get less than this share of their time are left out. */
const worthwhile = 0.5

interface SamplesWatch {
  /** Ends the answers. */
  signal: AbortSignal
  onSamples(samples: SampledAnswers): void
}

async function questionsOf({ run, rows }: LiveRun): Promise<Question[]> {
  const { training, model } = run.plan
  const room = Math.min(
    mostPromptTokens,
    model.file.config.context - (run.hooks.virtualTokens ?? 0) - (run.hooks.prefixTokens ?? 0) - maxTokens - 1,
  )
  const out: Question[] = []
  // A few more rows, since some may be too long or have no question.
  for (const row of sampleRows(rows.eval, 4 * training.samplePrompts)) {
    const question = out.length < training.samplePrompts ? await rows.evalDataset.question?.(row) : undefined
    if (question && question.promptIds.length <= room) out.push(question)
  }
  return out
}

/** The answers as far as they are written at `deadline`. @throws Cancelled, DeviceLost, and what allocating throws */
async function answered(live: LiveRun, questions: readonly Question[], deadline: number, signal: AbortSignal) {
  const { gpu, run, rows } = live
  const { plan, hooks } = run
  const tokenizer = plan.model.tokenizer!
  const longest = Math.max(...questions.map(({ promptIds }) => promptIds.length)) + maxTokens + 1
  const context = Math.min(plan.model.file.config.context, longest + (hooks.virtualTokens ?? 0) + (hooks.prefixTokens ?? 0))
  // The parameters are on the GPU already, so the lane names none.
  const generator = new Generator(gpu, plan.model.plan, [{ hooks, rows: questions.length }], context)
  try {
    await generator.prepare()
    const stop = [...tokenizer.ends, ...rows.evalDataset.asking.ends]
    const onToken = (): boolean => performance.now() < deadline
    const said = await generator.generate(
      questions.map(({ promptIds }): Ask => ({ prompt: promptIds, maxTokens, temperature: 0, seed: 0, stop, signal, onToken })),
    )
    const texts = questions.map(({ promptIds, expected }, i) => ({
      prompt: tokenizer.decode(promptIds, { skipSpecial: true }).trim(),
      expected,
      answer: decodeContinuation(tokenizer, promptIds, said[i].ids, { skipSpecial: false }).trim(),
      ...(!said[i].complete && said[i].ids.length < maxTokens && { cut: true }),
    }))
    return { rows: texts, bytes: generator.sizeBytes }
  } finally {
    generator.release()
  }
}

/** What a run calls after its evaluations. It gives up at the first problem, which it tells; the run continues. */
export function runSamples({ signal, onSamples }: SamplesWatch): NonNullable<ConductEvents['onEvaluated']> {
  let [spentMs, lastMs, over] = [0, 0, false]
  return async (live, { step }, elapsedMs) => {
    const { plan } = live.run
    if (over || plan.training.samplePrompts === 0 || !plan.model.tokenizer) return
    const allowedMs = (step === plan.steps ? 2 : 1) * extraMs + share * elapsedMs - spentMs
    if (allowedMs < worthwhile * lastMs) return
    const began = performance.now()
    try {
      const questions = await questionsOf(live)
      if (!questions.length) return
      const { rows, bytes } = await answered(live, questions, began + allowedMs, signal)
      lastMs = performance.now() - began
      onSamples({ step, rows, bytes, timeMs: lastMs })
    } catch (error) {
      if (error instanceof DeviceLost) throw error
      live.gpu.check()
      if (error instanceof Cancelled) return
      over = true
      onSamples({ step, rows: [], bytes: 0, timeMs: performance.now() - began, problem: phraseOf(error) })
    } finally {
      spentMs += performance.now() - began
    }
  }
}
