// What a person is told about a method, and whether a base can serve it.
import { defaults } from '../config/field'
import type { MethodReport } from '../config/model-report'
import { sentence } from '../config/phrase'
import type { Base, Method } from './method'

/** `base`: absent while no model is loaded. */
export function methodReport(method: Method, base?: Base): MethodReport {
  const { name, label, summary, paper, fields, training, bases, exports = [], merge, virtualTokens } = method
  const problem = base && method.unavailable?.(base)
  return {
    name,
    label,
    summary,
    paper,
    fields: [...fields],
    training,
    bases: [...bases],
    exports: [...exports],
    merges: merge !== undefined,
    virtualTokens: virtualTokens?.(defaults(fields)) ?? 0,
    unavailable: problem && sentence(problem),
  }
}
