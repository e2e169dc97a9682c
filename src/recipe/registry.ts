// The steps of recipes, in the groups that people look for them in. A new step is a file, and a line here.
import { UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import type { RowStep } from './step'
import { augment } from './steps/augment'
import { balance } from './steps/balance'
import { cleanCharacters } from './steps/clean-characters'
import { dropContradictions } from './steps/drop-contradictions'
import { dropDuplicates } from './steps/drop-duplicates'
import { dropEmpty } from './steps/drop-empty'
import { dropLeaks } from './steps/drop-leaks'
import { dropNearDuplicates } from './steps/drop-near-duplicates'
import { dropPicked } from './steps/drop-picked'
import { filterLanguage } from './steps/filter-language'
import { filterLength } from './steps/filter-length'
import { filterPattern } from './steps/filter-pattern'
import { generateRows } from './steps/generate-rows'
import { mapColumns } from './steps/map-columns'
import { joinFile } from './steps/join-file'
import { labels } from './steps/labels'
import { redact } from './steps/redact'
import { rewrites } from './steps/rewrites'
import { sample } from './steps/sample'
import { split } from './steps/split'
import { splitText } from './steps/split-text'
import { template } from './steps/template'
import { weighFile } from './steps/weigh-file'
import { withoutGenerated } from './steps/without-generated'

interface ListedStep extends RowStep {
  /** The heading under which people find it. */
  readonly group: string
}

const groups: readonly { group: string; steps: readonly RowStep[] }[] = [
  { group: 'Columns', steps: [mapColumns, joinFile, splitText, template] },
  { group: 'Clean', steps: [cleanCharacters, dropEmpty, dropDuplicates, dropNearDuplicates, dropContradictions, redact] },
  { group: 'Filter', steps: [filterLength, filterLanguage, filterPattern, withoutGenerated, dropPicked] },
  { group: 'Choose', steps: [sample, balance, weighFile] },
  { group: 'Add', steps: [augment, rewrites, generateRows] },
  { group: 'Label', steps: [labels] },
  { group: 'Evaluation', steps: [split, dropLeaks] },
]

export const steps: readonly ListedStep[] = groups.flatMap(({ group, steps }) => steps.map((step) => ({ ...step, group })))

/** A step by its name. @throws UnsupportedError naming the existing ones */
export function stepNamed(name: string): RowStep {
  const step = steps.find((each) => each.name === name)
  if (!step)
    throw new UnsupportedError(
      say`recipe: expected one of the steps ${steps.map((each) => each.name).join(', ')}, got ${name.slice(0, 100)}. Correct the name.`,
    )
  return step
}
