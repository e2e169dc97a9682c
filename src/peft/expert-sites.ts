// Low-rank updates of the experts' matrices. As in PEFT, each expert has an A and a B of its own; those of a block are multiplied together.
import { UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import type { ExpertSite } from '../models/hooks'
import { trainedExperts } from '../ops/expert-weight'
import { expertProduct, type Routing } from '../ops/mixture'
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import type { LoraSite } from './lora-sites'
import type { Base } from './method'

interface Trained extends LoraSite {
  A: Tensor
  B: Tensor
}

const moduleOf = (tensor: string) => tensor.replace(/\.weight$/, '')

/** @throws UnsupportedError if some experts of a block have an update and others none or another one */
export function checkExpertSites(base: Base, sites: readonly LoraSite[]): void {
  const bySite = new Map(sites.map((site) => [site.site, site]))
  const stacks = new Map<string, (LoraSite | undefined)[]>()
  for (const { name, expert } of base.tensors.values())
    if (expert) stacks.set(expert.stack, [...(stacks.get(expert.stack) ?? []), bySite.get(moduleOf(name))])
  for (const [stack, of] of stacks) {
    const [first] = of
    if (of.every((site) => site?.rank === first?.rank && site?.scale === first?.scale)) continue
    throw new UnsupportedError(
      say`target modules: expected all experts of a block with the same rank and alpha, or none of them, got experts of ${moduleOf(stack)} that differ. Name the layer without the number of an expert.`,
    )
  }
}

/** Whether some of the layers are those of experts. Rows with different adapters of experts cannot be in one batch, which is sorted by expert. */
export function hasExpertSites(base: Base, sites: readonly LoraSite[]): boolean {
  const names = new Set(sites.map(({ site }) => site))
  return [...base.tensors.values()].some(({ name, expert }) => expert && names.has(moduleOf(name)))
}

/** y + s · B_e A_e x on rows sorted by expert, e being the expert of each row; y itself if these experts have no update. */
export function expertUpdate(
  r: Recorder,
  { names, weight }: ExpertSite,
  routing: Routing,
  bySite: ReadonlyMap<string, Trained>,
  x: Tensor,
  y: Tensor,
): Tensor {
  const sites = names.flatMap((name) => bySite.get(name) ?? [])
  const [first] = sites
  if (!first) return y
  const a = trainedExperts(
    `${weight.name} A`,
    sites.map(({ A }) => A),
  )
  const b = trainedExperts(
    `${weight.name} B`,
    sites.map(({ B }) => B),
  )
  const low = expertProduct(r, x, a, routing, { label: `${weight.name} A x` })
  return expertProduct(r, low, b, routing, { scale: first.scale, into: y })
}
