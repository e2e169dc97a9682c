// The methods of the fake engine: those of the registry, as the real engine reports them. They are not run.
import type { MethodReport, ModelReport } from '../config/model-report'
import { planBase } from '../models/base-model'
import { randomModel } from '../models/random-model'
import { methodBase } from '../peft/base'
import type { Base } from '../peft/method'
import { methodReport } from '../peft/method-report'
import { methods } from '../peft/registry'

/** A model of the reported shape without weights: enough for methods to say whether they support it. */
function baseOf({ name, family, layers, hidden, heads, kvHeads, vocab, context, tied }: ModelReport): Base {
  const shape = { family, layers, hidden, intermediate: 4 * hidden, heads, kvHeads, vocab, context, tied }
  return methodBase(planBase(randomModel(name, shape), 'f32', 2 ** 27), undefined)
}

export function fakeMethods(model: ModelReport | undefined): MethodReport[] {
  const base = model && baseOf(model)
  return methods.map((method) => methodReport(method, base))
}
