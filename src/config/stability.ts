// How steadily a run trained: spikes of its loss, and when it reached a perplexity. docs/comparisons.md has the rules.

/** Losses of single steps jump from batch to batch, so the mean of this many steps is watched. */
const smoothedSteps = 5
/** A spike is this far above the lowest mean so far: a fifth of it, and at least a tenth of a nat. */
const [relative, absolute] = [0.2, 0.1]

interface Stability {
  spikes: number
  /** How far the highest spike rose above the lowest mean before it, in nats; absent without spikes; infinite after a loss that is not a number. */
  spikeHeight?: number
}

/**
 * Counts the spikes in the losses of a run's steps, in order. A spike begins where the mean of the last 5 losses rises above the lowest such
 * mean before it by more than a fifth (and 0.1), and ends where it no longer does.
 */
export function stabilityOf(losses: ArrayLike<number>): Stability {
  let [lowest, sum, spikes, height, inside] = [Infinity, 0, 0, 0, false]
  for (let i = 0; i < losses.length; i++) {
    sum += losses[i]
    if (i >= smoothedSteps) sum -= losses[i - smoothedSteps]
    // A sum that is not a number would stay so.
    if (!Number.isFinite(sum)) return { spikes: spikes + Number(!inside), spikeHeight: Infinity }
    // The first steps have no mean of five yet.
    if (i < smoothedSteps - 1) continue
    const mean = sum / smoothedSteps
    const rise = mean - lowest
    const above = rise > Math.max(absolute, relative * lowest)
    if (above && !inside) spikes++
    inside = above
    if (above) height = Math.max(height, rise)
    lowest = Math.min(lowest, mean)
  }
  return { spikes, ...(spikes > 0 && { spikeHeight: height }) }
}

/** Seconds of training until the first evaluation with at most this perplexity; undefined if there was none. */
export function secondsTo(perplexity: number, evals: readonly { seconds: number; perplexity?: number }[]): number | undefined {
  return evals.find((each) => each.perplexity !== undefined && each.perplexity <= perplexity)?.seconds
}
