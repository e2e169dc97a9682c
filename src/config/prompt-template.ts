// The text that a prompt and its completion stand in, if no chat template is used.
import { FormatError } from './errors'
import { say } from './phrase'

const promptMark = '{prompt}'
const completionMark = '{completion}'

/** A template with `separator` between the prompt and the completion. */
export const separatedTemplate = (separator: string): string => `${promptMark}${separator}${completionMark}`

export const lineTemplate = separatedTemplate('\n')
/** For data with its own space there. */
export const joinedTemplate = separatedTemplate('')

interface TemplateParts {
  before: string
  between: string
  /** Behind the completion. It is trained as a part of the answer. */
  after: string
}

/** The text around the two marks; undefined if it does not have each of them once, in order. */
export function templateParts(template: string): TemplateParts | undefined {
  const [before, rest, ...more] = template.split(promptMark)
  const [between, after, ...further] = (rest ?? '').split(completionMark)
  const valid = after !== undefined && !more.length && !further.length && !before.includes(completionMark)
  return valid ? { before, between, after } : undefined
}

/** Solved examples as text in front of a prompt, each in the template, with an empty line between them. @throws FormatError if the template lacks a mark */
export function solvedText(template: string, solved: readonly { prompt: string; completion: string }[]): string {
  const { before, between, after } = checkTemplate(template)
  return solved.map(({ prompt, completion }) => `${prompt}${between}${completion}${after}\n\n${before}`).join('')
}

/** @throws FormatError if the template lacks a mark */
export function checkTemplate(template: string): TemplateParts {
  const parts = templateParts(template)
  if (parts) return parts
  throw new FormatError(
    say`prompt template: expected a text with ${promptMark} and, after it, ${completionMark}, each once, got ${template.slice(0, 200)}. Correct it.`,
  )
}
