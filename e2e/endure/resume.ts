// Every method with every form of the optimizer's states and with dropout, and every setting that could matter: 20 steps at once against
// 10 steps, a stored snapshot and 10 more.
import { nodeGpu } from '../../src/cli/node/node-gpu'
import { Gpu } from '../../src/gpu/gpu'
import type { LoadedModel } from '../../src/peft/loaded-model'
import { randomNumbers } from '../../src/testing/random'
import { resumeCases } from '../../src/testing/resume-cases'
import { demoBase, randomBase, resumeDifferences } from '../../src/testing/resumed-run'
import type { EndurePart } from './part'

export const part: EndurePart = {
  name: 'resume',
  shows: 'a run that is resumed from a snapshot has the bits of an undisturbed one: losses, parameters, states',
  unit: 'runs',
  counts: { sample: 6, usual: resumeCases.length, long: 4 * resumeCases.length },
  needs: 'gpu',
  async run({ count, seed, sample, report }) {
    const gpu = await Gpu.open(await nodeGpu())
    const bases = new Map<boolean, LoadedModel>()
    const failures: { case: number; problem: string }[] = []
    for (let i = 0; i < count; i++) {
      const at = seed + i
      const one = resumeCases[at % resumeCases.length]
      const { demo = false } = one
      const base = bases.get(demo) ?? (await (demo ? demoBase(gpu) : randomBase(gpu)))
      bases.set(demo, base)
      // After the first round, runs are interrupted at any step.
      const half = at < resumeCases.length ? 10 : 2 + Math.floor(randomNumbers(at)() * 17)
      const length = sample ? { steps: 4, half: 2 } : { steps: 20, half }
      try {
        for (const problem of await resumeDifferences(gpu, base, one, length))
          failures.push({ case: i, problem: `${one.name}: ${problem}` })
      } catch (error) {
        failures.push({ case: i, problem: `${one.name}: ${String(error)}` })
      }
      report(i + 1)
    }
    const methods = new Set(Array.from({ length: count }, (_, i) => resumeCases[(seed + i) % resumeCases.length].method.name))
    return { figures: [`${methods.size} methods`], failures }
  },
}
