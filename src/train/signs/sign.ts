// Signs that a run does not go as it should. A rule watches the metrics in their order, and says its sign once.
import type { Phrase } from '../../config/phrase'
import type { TrainingSettings } from '../../config/run-config'
import type { EvalMetrics, StepMetrics } from '../../config/run-reports'

/** What a rule says: the sentence with what to do, and the keys of the settings to change. */
export interface Told {
  words: Phrase
  settings?: readonly string[]
}

/** One rule over one run. Its state follows from the metrics alone, so a run that is resumed says the same. */
export interface Watcher {
  onStep?(metrics: StepMetrics): Told | undefined
  onEval?(metrics: EvalMetrics): Told | undefined
}

export interface Rule {
  name: string
  begin(training: TrainingSettings): Watcher
}
