// What the fake engine says before a run.
import { say } from '../config/phrase'
import type { EngineApi, WayToFit } from '../worker/api'

/** Two ways for every run that does not fit: a shorter length, and one that changes the base. */
export function fakeAdvice(estimate: EngineApi['estimate']): Pick<EngineApi, 'waysToFit'> {
  return {
    async waysToFit(config) {
      const result = await estimate(config)
      if (!result.ok) return result
      if (result.value.problem === undefined) return { ok: true, value: [] }
      const shorter = config.training.maxLength / 16
      const ways: WayToFit[] = [
        {
          words: say`A maximum length of ${shorter} tokens`,
          price: say`1 of 100 rows are cut.`,
          change: { training: { maxLength: shorter } },
          bytes: 2 ** 26,
        },
        { words: say`The base in 4 bits (NF4)`, price: say`The model is loaded again.`, change: { base: 'nf4' }, bytes: 2 ** 27 },
      ]
      return { ok: true, value: ways }
    },
  }
}
