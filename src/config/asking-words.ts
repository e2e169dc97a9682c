// The way a prompt is asked in words, and what a person should know where it differs from an adapter's training.
import type { Asked } from './asking'
import { type Phrase, joined, say } from './phrase'
import { joinedTemplate, lineTemplate } from './prompt-template'

const longest = 80

/** Text of a setting for a sentence: on one line, shortened. */
function quoted(text: string | undefined): Phrase {
  if (!text) return say`none`
  const line = text.replaceAll('\n', '\\n')
  return say`“${line.length > longest ? `${line.slice(0, longest)}…` : line}”`
}

function formInWords({ form, promptTemplate }: Asked): Phrase {
  switch (form) {
    case 'template':
      return say`the chat template`
    case 'chat':
      return say`“User:”, the prompt, then “Assistant:”`
    case 'text':
      return say`the prompt as text to continue`
    case 'raw':
      return say`the prompt exactly as written`
    case 'pair':
      if (promptTemplate === lineTemplate) return say`the prompt followed by a line break`
      if (promptTemplate === joinedTemplate) return say`the prompt alone, as in the data`
      return say`the prompt template ${quoted(promptTemplate)}`
  }
}

/** How a prompt is asked: “the chat template, with the task description “Translate.””. */
export function askedInWords(asked: Asked): Phrase {
  const { taskDescription, systemWords } = asked
  return joined([
    formInWords(asked),
    ...(taskDescription ? [say`with the task description ${quoted(taskDescription)}`] : []),
    ...(systemWords ? [say`with the system words ${quoted(systemWords)}`] : []),
  ])
}

const isKnown = (asking: Partial<Asked> | undefined): asking is Asked => asking?.form !== undefined

/** In what `now` differs from the way `trained`. What one of them does not know is left out. */
function differences(trained: Partial<Asked> | undefined, now: Partial<Asked> | undefined): Phrase | undefined {
  if (!isKnown(trained) || !isKnown(now)) return undefined
  const words = [
    [say`task description`, now.taskDescription, trained.taskDescription],
    [say`system words`, now.systemWords, trained.systemWords],
  ] as const
  const list = [
    ...(now.form !== trained.form || now.promptTemplate !== trained.promptTemplate
      ? [say`${formInWords(now)} instead of ${formInWords(trained)}`]
      : []),
    ...words.flatMap(([name, is, was]) =>
      is === undefined || was === undefined || is === was ? [] : [say`${name} ${quoted(is)} instead of ${quoted(was)}`],
    ),
  ]
  return list.length ? joined(list, '; ') : undefined
}

/** What a person should know about an adapter and rows that are asked as `rows`; undefined if they are asked as in its training, or if this is not known. */
export function rowsNotice(trained: Partial<Asked> | undefined, rows: Partial<Asked> | undefined): Phrase | undefined {
  const found = differences(trained, rows)
  return found && say`The rows are not worded as in the adapter’s training: ${found}.`
}

/** The same about a prompt. */
export function promptNotice(trained: Partial<Asked> | undefined, prompt: Asked): Phrase | undefined {
  const found = differences(trained, prompt)
  return found && say`The prompt is not worded as in the adapter’s training: ${found}.`
}
