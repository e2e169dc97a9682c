// Signs in the evaluations, beside the loss of the steps.
import { say } from '../../config/phrase'
import { Recent, mean } from './recent'
import type { Rule } from './sign'

const shown = (loss: number): string => loss.toPrecision(4)

/** Two evaluations in a row are a hundredth above the best one, while the training loss has fallen since then. */
export const overfitting: Rule = {
  name: 'overfitting',
  begin({ patience }) {
    const recent = new Recent(20)
    let best = { loss: Infinity, step: 0, training: NaN }
    let worse = 0
    return {
      onStep({ loss }) {
        recent.add(loss)
        return undefined
      },
      onEval({ step, evalLoss }) {
        const training = mean(recent.values)
        if (step > 0 && evalLoss < best.loss) best = { loss: evalLoss, step, training }
        worse = evalLoss > 1.01 * best.loss && training < best.training ? worse + 1 : 0
        if (worse < 2) return undefined
        const facts = say`The run overfits: since step ${best.step} the held-out loss has risen from ${shown(best.loss)} to ${shown(evalLoss)}, while the training loss fell from ${shown(best.training)} to ${shown(training)}.`
        return {
          words:
            patience > 0
              ? say`${facts} Early stopping ends the run, with the weights of its best evaluation. More rows, or fewer trainable parameters, let it learn longer.`
              : say`${facts} Stop the run: the adapter of step ${best.step} is kept as the best one. Next time take fewer epochs, more rows or fewer trainable parameters, or turn early stopping on.`,
          settings: ['patience', 'epochs'],
        }
      },
    }
  },
}
