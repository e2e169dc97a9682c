// Which layers are dropped after the forward pass and computed again in the backward pass (Chen et al. 2016, arXiv 1604.06174).
// There are several steps. Each keeps less than the one before and computes more again. The first layers are dropped first: when they are
// computed again, the backward pass has already freed what the others kept.

export interface Recompute {
  /** Layers [0, layers) keep only their input and run a second time. */
  layers: number
  /** The first `groups` · `groupLayers` of them keep only the input of each group, and run a third time. */
  groups: number
}

/** Layers in a group. The fewest inputs are kept if there are about as many groups as layers in each. */
export function groupLayers(layers: number): number {
  return Math.ceil(Math.sqrt(layers))
}

/** Number of the last step for a model of so many layers. Step 0 keeps everything. */
export function recomputeSteps(layers: number): number {
  return layers + Math.floor(layers / groupLayers(layers))
}

/** The layers that a step drops, for a model of so many layers. */
export function recomputeStep(layers: number, step: number): Recompute {
  return { layers: Math.min(step, layers), groups: Math.max(0, step - layers) }
}
