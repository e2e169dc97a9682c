// Templates: texts in which a model that compares pictures with texts reads the names of classes.
import { type Phrase, say } from './phrase'

/** Where a class's name stands in a template. */
export const gap = '{}'
/** Radford et al. 2021, section 3.1.4. */
export const usualTemplate = `a photo of a ${gap}.`
/** As much of a wrong template as an error repeats. */
const mostShown = 80

/** What is wrong with templates: each has the gap once. */
export function templateProblem(templates: readonly string[]): Phrase | undefined {
  const odd = templates.find((template) => template.split(gap).length !== 2)
  if (odd === undefined) return undefined
  return say`template: expected a text with ${gap} once, where the name of the class stands, got ${odd.slice(0, mostShown)}. Correct it.`
}
