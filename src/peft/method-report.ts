// What the page shows about a method, and whether the method works with a base.
import { defaults } from '../config/field'
import type { MethodReport } from '../config/model-report'
import type { Base, Method } from './method'
import { rateWords, startingTraining } from './rates'

/** The report of a method. `base` is absent while no model is loaded. */
export function methodReport(method: Method, base?: Base): MethodReport {
  const { name, label, summary, paper, fields, bases, exports = [], merge, virtualTokens, contextTensor } = method
  return {
    name,
    label,
    summary,
    paper,
    fields: [...fields],
    training: startingTraining(method, base?.parameters),
    rateWords: base && rateWords(method, base.parameters),
    bases: [...bases],
    exports: [...exports],
    merges: merge !== undefined,
    virtualTokens: virtualTokens?.(defaults(fields)) ?? 0,
    learnsContext: contextTensor !== undefined,
    unavailable: base && method.unavailable?.(base),
  }
}
