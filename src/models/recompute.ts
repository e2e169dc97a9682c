// Which layers are dropped after the forward pass and computed again in the backward pass (Chen et al. 2016, arXiv 1604.06174).
// In steps: each next one keeps less and computes more again. The first layers are dropped first: by the time that they are
// computed again, the backward pass has freed what the others kept.

export interface Recompute {
  /** Layers [0, layers) keep their input alone and run a second time. */
  layers: number
  /** Of the first `groups` · `groupLayers` of them only each group's input is kept; these run a third time. */
  groups: number
}

/** Layers in a group: about as many groups as layers in each keep the fewest inputs. */
export function groupLayers(layers: number): number {
  return Math.ceil(Math.sqrt(layers))
}

/** Steps that a model of so many layers has, from 0 = everything is kept. */
export function recomputeSteps(layers: number): number {
  return layers + Math.floor(layers / groupLayers(layers))
}

/** A step for a model of so many layers. */
export function recomputeStep(layers: number, step: number): Recompute {
  return { layers: Math.min(step, layers), groups: Math.max(0, step - layers) }
}
