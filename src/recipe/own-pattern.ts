// Regular expressions that a person writes in the settings of a step. Each text gets a bounded number of steps, less than half a second.
import { FormatError, UnsupportedError, messageOf } from '../config/errors'
import { say } from '../config/phrase'
import { BoundedPattern } from '../patterns/bounded-pattern'

/** @throws FormatError if it is no regular expression; UnsupportedError for syntax that is not supported, and later for too many steps */
export function ownPattern(step: string, source: string, ignoreCase: boolean): BoundedPattern {
  try {
    return new BoundedPattern(
      new RegExp(source, 'u').source,
      (expected, got) => new UnsupportedError(say`${step}: expected ${expected}, got ${got}. Write the regular expression in another way.`),
      { ignoreCase },
    )
  } catch (error) {
    if (error instanceof UnsupportedError) throw error
    throw new FormatError(say`${step}: expected a regular expression, got ${source.slice(0, 100)} (${messageOf(error)}). Correct it.`)
  }
}
