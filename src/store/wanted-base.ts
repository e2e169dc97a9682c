// The format in which a run holds its base.
import type { BaseFormat } from '../config/run-config'
import type { MethodReport } from '../worker/api'

/** The base format a run with `method` takes: the one there is, unless the method is a preset for others. */
export function wantedBase(method: MethodReport | undefined, current: BaseFormat): BaseFormat {
  if (!method || method.bases.length === 0 || method.bases.includes(current)) return current
  return method.bases[0] ?? current
}
