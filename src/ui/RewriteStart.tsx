// Begins the rewriting of prompts: which rows, which model, and what it is asked.
import { type SubmitEvent, useState } from 'react'
import { type Settings, defaults, fieldProblem } from '../config/field'
import { type RewriteSettings, rewriteFields } from '../config/rewriting'
import { AnswererChoice, useWriters } from './AnswererChoice'
import { ErrorMessage } from './ErrorMessage'
import { FieldForm } from './FieldForm'
import { useLabelling, useStudio, useWorkbench } from './studio-context'
import { useText } from './text/text'

export function RewriteStart({ onClose }: { onClose: () => void }) {
  const text = useText()
  const t = text.workbench.rewrite
  const { labelling } = useStudio()
  const { job, error } = useLabelling()
  const { stale } = useWorkbench()
  const [how, setHow] = useState<RewriteSettings>(job.kind === 'rewrites' ? job.how : defaults(rewriteFields))
  const writers = useWriters()
  const [chosen, choose] = useState('base')
  const writer = (writers.get(chosen) ?? writers.get('base'))?.writer
  const usable = rewriteFields.every((field) => fieldProblem(field, (how as Settings)[field.key]) === undefined)
  const begin = (event: SubmitEvent): void => {
    event.preventDefault()
    if (writer) void labelling.beginRewriting(how, writer)
  }
  return (
    <form className="rewrite-start" aria-label={t.title} data-testid="rewrite-start" onSubmit={begin}>
      <p className="help">{writer ? t.about : t.noModel}</p>
      {writer && (
        <AnswererChoice
          id="rewriter"
          label={t.writer}
          answerer={writer}
          nobody={false}
          disabled={false}
          onChoose={(to) => choose(to.kind === 'run' ? to.runId : 'base')}
        />
      )}
      <FieldForm
        fields={rewriteFields}
        values={how}
        advanced
        onChange={(key, value) => setHow((before) => ({ ...before, [key]: value }))}
      />
      {error && <ErrorMessage message={error} />}
      <div className="button-row">
        <button type="submit" className="button-primary" data-testid="rewrite-begin" disabled={stale || !writer || !usable}>
          {text.workbench.label.begin}
        </button>
        <button type="button" className="button" onClick={onClose}>
          {text.cancel}
        </button>
      </div>
    </form>
  )
}
