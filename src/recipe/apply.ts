// Takes the steps of a recipe. What a step made is kept, so that changing a later step does not take the earlier ones again.
import { Cancelled, FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { RecipeStep, StepReport } from '../config/recipe'
import { stepNamed } from './registry'
import type { WorkRow } from './row'
import type { Work } from './step'
import { Tally } from './tally'
import { checkUnderstood, wordsOf } from './words'

export interface ApplyWatch {
  signal?: AbortSignal
  /** `fraction` of the step at `index`. */
  onProgress?(index: number, fraction: number): void
}

interface Taken {
  /** The step with its settings as JSON text. */
  key: string
  rows: readonly WorkRow[]
  report: StepReport
}

/** Milliseconds of work between two breaks, so that messages get through. */
const breakMs = 50

export class RecipeRun {
  private readonly start: readonly WorkRow[]
  private taken: readonly Taken[] = []

  constructor(rows: readonly WorkRow[]) {
    this.start = rows
  }

  /** The rows after the steps, and what each step did. If a step throws, nothing is changed. @throws FormatError, Cancelled */
  async apply(steps: readonly RecipeStep[], watch: ApplyWatch = {}): Promise<{ rows: readonly WorkRow[]; reports: StepReport[] }> {
    const keys = steps.map((step) => JSON.stringify(step))
    const firstNew = keys.findIndex((key, i) => this.taken[i]?.key !== key)
    const taken = this.taken.slice(0, firstNew < 0 ? keys.length : firstNew)
    for (let i = taken.length; i < steps.length; i++) {
      const { rows, report } = await take(taken.at(-1)?.rows ?? this.start, steps[i], i, watch)
      taken.push({ key: keys[i], rows, report })
    }
    this.taken = taken
    return { rows: taken.at(-1)?.rows ?? this.start, reports: taken.map(({ report }) => report) }
  }
}

async function take(
  rows: readonly WorkRow[],
  { step, settings, data, digest }: RecipeStep,
  index: number,
  watch: ApplyWatch,
): Promise<Omit<Taken, 'key'>> {
  const { label, apply } = stepNamed(step)
  if (digest)
    throw new FormatError(
      say`Step ${index + 1}, ${label}: what a person chose row by row is not kept with the run; open the recipe file that has it.`,
    )
  const tally = new Tally()
  const pulse = pulses(index, watch)
  const words: Work['words'] = async (each) => {
    checkUnderstood(step, each)
    return await wordsOf(each, () => pulse(0, rows.length))
  }
  const after = await apply(rows, settings, { tally, words, pulse, data })
  return { rows: after, report: { step, settings, rowsBefore: rows.length, rowsAfter: after.length, ...tally.report() } }
}

function pulses(index: number, { signal, onProgress }: ApplyWatch): Work['pulse'] {
  let since = performance.now()
  return async (done, of) => {
    if (signal?.aborted) throw new Cancelled()
    if (performance.now() - since < breakMs) return
    onProgress?.(index, of > 0 ? done / of : 1)
    await new Promise((resolve) => setTimeout(resolve))
    since = performance.now()
    if (signal?.aborted) throw new Cancelled()
  }
}
