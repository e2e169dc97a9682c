// What a comparison answers: how many rows, how the base is asked without training, answers of other models, and what should still be known.
import { useId } from 'react'
import { answerField } from '../config/answer-length'
import { askedBases, exactMatchField } from '../store/comparison-store'
import { FieldForm } from './FieldForm'
import { FileButton } from './FileButton'
import { Icon } from './icons'
import { useComparison, useStudio } from './studio-context'
import { useSentence, useText } from './text/text'

function NamedFile({ name, onRemove }: { name: string; onRemove: () => void }) {
  const text = useText()
  return (
    <li className="button-row">
      {name}
      <button type="button" className="button-icon" aria-label={text.compare.answers.remove(name)} onClick={onRemove}>
        <Icon name="close" />
      </button>
    </li>
  )
}

function Untrained() {
  const text = useText()
  const inWords = useSentence()
  const studio = useStudio()
  const state = useComparison()
  const id = useId()
  const t = text.compare.answers
  const bases = askedBases(state)
  const problem = Array.isArray(bases) ? undefined : inWords(bases)
  return (
    <div className="fields">
      <div className="field">
        <label htmlFor={`${id}-shots`}>{t.shots}</label>
        <input
          id={`${id}-shots`}
          name="shots"
          type="text"
          value={state.shots}
          placeholder="0, 1, 4, 8"
          aria-invalid={problem !== undefined || undefined}
          aria-describedby={`${id}-shots-help`}
          onChange={(e) => studio.comparison.setAsked({ shots: e.target.value })}
        />
        <p id={`${id}-shots-help`} className={problem === undefined ? 'help' : 'help help-problem'}>
          {problem ?? t.shotsHelp}
        </p>
      </div>
      <div className="field">
        <label htmlFor={`${id}-prompts`}>{t.prompts}</label>
        <textarea
          id={`${id}-prompts`}
          name="basePrompts"
          rows={2}
          value={state.basePrompts}
          aria-describedby={`${id}-prompts-help`}
          onChange={(e) => studio.comparison.setAsked({ basePrompts: e.target.value })}
        />
        <p id={`${id}-prompts-help`} className="help">
          {t.promptsHelp}
        </p>
      </div>
    </div>
  )
}

function Files({ answers }: { answers: boolean }) {
  const text = useText()
  const inWords = useSentence()
  const studio = useStudio()
  const { files } = useComparison()
  const t = text.compare.answers
  return (
    <>
      <div className="button-row">
        {answers && (
          <FileButton
            label={t.othersInput}
            testId="others-input"
            multiple
            onFiles={(picked) =>
              void picked.reduce((before, file) => before.then(() => studio.comparison.readAnswers(file)), Promise.resolve())
            }
          >
            <Icon name="upload" />
            {t.others}
          </FileButton>
        )}
        <FileButton label={t.retainedInput} testId="retained-input" onFiles={([file]) => studio.comparison.setRetained(file)}>
          <Icon name="upload" />
          {t.retained}
        </FileButton>
      </div>
      <p className="help">{answers ? t.filesHelp : t.retainedHelp}</p>
      {files.problem && <p className="help help-problem">{inWords(files.problem)}</p>}
      <ul>
        {files.others.map(({ name }) => (
          <NamedFile key={name} name={t.answersIn(name)} onRemove={() => studio.comparison.dropAnswers(name)} />
        ))}
        {files.retained && (
          <NamedFile name={t.retainedIn(files.retained.file.name)} onRemove={() => studio.comparison.setRetained(undefined)} />
        )}
      </ul>
    </>
  )
}

/** `answers`: the data have answers that can be judged. */
export function ComparisonAnswers({ answers }: { answers: boolean }) {
  const text = useText()
  const studio = useStudio()
  const state = useComparison()
  const t = text.compare.answers
  return (
    <section className="card" aria-label={t.title}>
      <h2>{t.title}</h2>
      {answers ? (
        <div className="field-groups">
          <FieldForm
            fields={[exactMatchField, answerField]}
            values={{ exactMatchRows: state.exactMatchRows, maxTokens: state.maxTokens }}
            advanced
            onChange={(key, value) =>
              key === exactMatchField.key
                ? studio.comparison.setExactMatchRows(Number(value))
                : studio.comparison.setAsked({ maxTokens: Number(value) })
            }
          />
          <Untrained />
        </div>
      ) : (
        <p className="help">{text.compare.noCompletions}</p>
      )}
      <Files answers={answers} />
    </section>
  )
}
