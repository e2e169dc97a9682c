// The methods that are offered for a base.
import type { MethodReport } from '../config/model-report'
import { taskOf } from './method'
import type { Base } from './method'
import { methodReport } from './method-report'
import { everyMethod, methods } from './registry'

/** Of a language model, the methods for text; of one that sees pictures, all methods, those for it first. The others say why not. */
export function methodReports(base: Base | undefined): MethodReport[] {
  if (!base || taskOf(base) === 'text') return methods.map((method) => methodReport(method, base))
  const reports = everyMethod.map((method) => methodReport(method, base))
  return reports.toSorted((a, b) => Number(a.unavailable !== undefined) - Number(b.unavailable !== undefined))
}
