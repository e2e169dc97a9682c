// Signs in the loss of the steps.
import { say } from '../../config/phrase'
import { Recent, deviation, mean } from './recent'
import type { Rule } from './sign'

/** Losses of single steps differ with their rows, so means over this many steps are compared. */
const span = 20
const shown = (loss: number): string => loss.toPrecision(4)

/** The mean loss is a quarter above its lowest for as many steps as it is taken over. */
export const risingLoss: Rule = {
  name: 'rising-loss',
  begin({ learningRate }) {
    const recent = new Recent(span)
    let lowest = { loss: Infinity, step: 0 }
    let above = 0
    return {
      onStep({ step, loss }) {
        recent.add(loss)
        if (!recent.full) return undefined
        const now = mean(recent.values)
        if (now < lowest.loss) lowest = { loss: now, step }
        above = now > 1.25 * lowest.loss ? above + 1 : 0
        if (above < span) return undefined
        return {
          words: say`The loss rises: the mean of ${span} steps is ${shown(now)}, and it was ${shown(lowest.loss)} at step ${lowest.step}. Stop the run and lower the learning rate (now ${learningRate}).`,
          settings: ['learningRate'],
        }
      },
    }
  },
}

/** Single steps that are far above those before them: more than half of their mean and five times their spread. */
export const spikingLoss: Rule = {
  name: 'spiking-loss',
  begin({ clip }) {
    const recent = new Recent(span)
    const most = 3
    let spikes = 0
    return {
      onStep({ step, loss }) {
        const usual = mean(recent.values)
        const spike = recent.full && loss > 1.5 * usual && loss > usual + 5 * deviation(recent.values)
        if (!spike) recent.add(loss)
        if (spike) spikes++
        if (!spike || spikes < most) return undefined
        const facts = say`The loss has jumped ${most} times, the last time to ${shown(loss)} at step ${step}, where ${span} steps before it had ${shown(usual)} on average.`
        return {
          words:
            clip > 0
              ? say`${facts} Lower the learning rate, or accumulate more micro-batches per step.`
              : say`${facts} Clip the gradient, lower the learning rate, or accumulate more micro-batches per step.`,
          settings: ['learningRate', 'clip', 'accumulate'],
        }
      },
    }
  },
}

/** The mean loss of the latest steps is below that of the first ones by less than a hundredth, or by less than chance (one and a half standard errors). */
export const nothingLearned: Rule = {
  name: 'nothing-learned',
  begin({ learningRate, warmup }) {
    const [first, recent] = [new Recent(span), new Recent(span)]
    return {
      onStep({ step, steps, loss }) {
        if (!first.full) first.add(loss)
        recent.add(loss)
        if (step !== warmup + Math.max(3 * span, Math.ceil(steps / 4))) return undefined
        const error = Math.sqrt((deviation(first.values) ** 2 + deviation(recent.values) ** 2) / span)
        if (mean(recent.values) < mean(first.values) - Math.max(1.5 * error, 0.01 * mean(first.values))) return undefined
        return {
          words: say`Hardly anything is learned: after ${step} steps the loss is ${shown(mean(recent.values))}, and it was ${shown(mean(first.values))} at the start. Raise the learning rate (now ${learningRate}), or look at the rows: are the answers what the model should learn?`,
          settings: ['learningRate'],
        }
      },
    }
  },
}
