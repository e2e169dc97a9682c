// The end of the demo: what the adapter has learned, and what a person can do with it.
import { useStore } from 'zustand'
import type { RowAnswers } from '../config/answered-rows'
import type { DemoBase } from '../store/demo-state'
import { safeName } from '../store/safe-name'
import { AnswerMark } from './AnswerMark'
import { AnswerText } from './AnswerText'
import { shownText } from './difference'
import { formatBytes } from './format'
import { Icon } from './icons'
import { useDemo, useStudio } from './studio-context'
import { useText } from './text/text'
import { saveZip, useDownload } from './use-download'
import type { View } from './view'

/** What a person would type to ask the row. */
const askedIn = ({ words, prompt }: RowAnswers): string => words ?? prompt

function Example({ row }: { row: RowAnswers }) {
  const text = useText()
  const titles = [text.demo.before, text.demo.after]
  return (
    <li className="answer-row" data-testid="demo-example">
      <p className="answer-prompt" dir="auto">
        {shownText(askedIn(row))}
      </p>
      <div className="answer-columns">
        {row.answers.map((answer, k) => (
          <div key={titles[k]}>
            <h4 className="answer-head">
              {titles[k]} <AnswerMark grade={answer.text.trim() === row.expected ? 1 : 0} />
            </h4>
            <AnswerText label={text.answers.answerOf(titles[k])} text={answer.text} expected={row.expected} />
          </div>
        ))}
      </div>
    </li>
  )
}

function BaseDownload({ base }: { base: DemoBase }) {
  const t = useText().demoEnd
  const bytes = base.files.reduce((sum, { file }) => sum + file.size, 0)
  const download = async (): Promise<void> => {
    const read = base.files.map(async ({ file }) => ({ path: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }))
    saveZip(safeName(base.name).toLowerCase(), await Promise.all(read))
  }
  return (
    <button type="button" className="button-quiet" data-testid="demo-base" title={t.baseHelp} onClick={() => void download()}>
      <Icon name="download" />
      {t.base(formatBytes(bytes))}
    </button>
  )
}

export function DemoEnd({ go }: { go: (view: View) => void }) {
  const text = useText()
  const t = text.demoEnd
  const studio = useStudio()
  const { examples = [], base, runId } = useDemo()
  const run = useStore(studio.runs.store, (s) => s.runs.find(({ id }) => id === runId))
  const download = useDownload()
  if (!run) return null
  const chat = (): void => {
    if (examples[0]) studio.play.fillIn({ ...examples[0], prompt: askedIn(examples[0]) })
    studio.play.beside(run.id)
    go('play')
  }
  const answers = (): void => {
    studio.answers.beside(run.id)
    go('answers')
  }
  const own = (): void => {
    studio.guide.beginWithOwn()
    studio.demo.dismiss()
    go('setup')
  }
  return (
    <>
      <div className="demo-examples">
        <h3>{t.examples}</h3>
        <ul className="answer-rows">
          {examples.map((row) => (
            <Example key={row.line} row={row} />
          ))}
        </ul>
      </div>
      <div className="button-row">
        <button type="button" className="button-primary" data-testid="demo-download" onClick={() => void download(run)}>
          <Icon name="download" />
          {t.download}
        </button>
        <button type="button" className="button" data-testid="demo-chat" onClick={chat}>
          <Icon name="chat" />
          {text.runs.talk}
        </button>
        <button type="button" className="button" onClick={answers}>
          {t.fullList}
        </button>
        {base && <BaseDownload base={base} />}
        <button type="button" className="button-quiet" data-testid="demo-own" onClick={own}>
          {t.own}
        </button>
      </div>
    </>
  )
}
