// A few held-out prompts and what the run answered to them, before training and at an evaluation, so that one sees it learn.
import { useId, useState } from 'react'
import type { SampledAnswers } from '../config/run-reports'
import type { Run } from '../store/run'
import { AnswerText } from './AnswerText'
import { shownText } from './difference'
import { formatBytes, formatCount, formatDuration } from './format'
import { useSentence, useText } from './text/text'

function Sample({ first, chosen, at }: { first: SampledAnswers | undefined; chosen: SampledAnswers; at: number }) {
  const text = useText()
  const t = text.answers
  const { prompt, expected, answer, cut } = chosen.rows[at]
  const before = first?.rows.find((row) => row.prompt === prompt)
  const told = (step: number): string => (step === 0 ? t.beforeTraining : t.afterStep(formatCount(step, text)))
  return (
    <li className="answer-row" data-testid="run-sample">
      <div className="answer-prompt" dir="auto">
        {shownText(prompt)}
      </div>
      <div className="answer-columns">
        <div>
          <h3 className="answer-head">{t.expected}</h3>
          <div className="answer-tokens" dir="auto">
            {shownText(expected)}
          </div>
        </div>
        {first && before && (
          <div>
            <h3 className="answer-head">{told(first.step)}</h3>
            <AnswerText label={told(first.step)} text={before.answer} expected={expected} />
            {before.cut && <p className="help">{t.answerCut}</p>}
          </div>
        )}
        <div>
          <h3 className="answer-head">{told(chosen.step)}</h3>
          <AnswerText label={told(chosen.step)} text={answer} expected={expected} />
          {cut && <p className="help">{t.answerCut}</p>}
        </div>
      </div>
    </li>
  )
}

export function RunSamples({ run }: { run: Run }) {
  const text = useText()
  const inWords = useSentence()
  const id = useId()
  const t = text.answers
  const [step, setStep] = useState<number>()
  const all = run.samples ?? []
  const problem = all.at(-1)?.problem
  const there = all.filter(({ rows }) => rows.length > 0)
  const chosen = there.find((each) => each.step === step) ?? there.at(-1)
  if (!chosen) return problem ? <p className="help">{t.noSamples(inWords(problem))}</p> : null
  const first = chosen === there[0] ? undefined : there[0]
  return (
    <details className="run-samples" open data-testid="run-samples">
      <summary>{t.samples}</summary>
      <div className="field comparison-choice">
        <label htmlFor={id}>{t.sampledAt}</label>
        <select id={id} value={step ?? ''} onChange={(e) => setStep(e.target.value === '' ? undefined : Number(e.target.value))}>
          <option value="">{t.newest(formatCount(there[there.length - 1].step, text))}</option>
          {there.map((each) => (
            <option key={each.step} value={each.step}>
              {each.step === 0 ? t.beforeTraining : t.afterStep(formatCount(each.step, text))}
            </option>
          ))}
        </select>
      </div>
      <ul className="answer-rows">
        {chosen.rows.map((_, at) => (
          <Sample key={at} first={first} chosen={chosen} at={at} />
        ))}
      </ul>
      <p className="help">
        {t.samplesCost(
          formatDuration(
            there.reduce((sum, each) => sum + each.timeMs, 0),
            text,
          ),
          formatBytes(chosen.bytes),
        )}
      </p>
      {problem && <p className="help">{t.noSamples(inWords(problem))}</p>}
    </details>
  )
}
