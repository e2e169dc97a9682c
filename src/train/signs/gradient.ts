// Signs in the norm of the gradient.
import { say } from '../../config/phrase'
import { Recent, median } from './recent'
import type { Rule } from './sign'

/** Three steps in a row have a gradient of more than twenty times the usual norm. */
export const explodingGradient: Rule = {
  name: 'exploding-gradient',
  begin({ clip }) {
    const [span, times, most] = [20, 20, 3]
    const recent = new Recent(span)
    let inRow = 0
    return {
      onStep({ step, gradNorm }) {
        if (gradNorm === undefined) return undefined
        const usual = recent.full ? median(recent.values) : Infinity
        const far = gradNorm > times * usual
        inRow = far ? inRow + 1 : 0
        if (!far) recent.add(gradNorm)
        if (inRow < most) return undefined
        const facts = say`The gradient explodes: its norm is ${gradNorm.toPrecision(3)} at step ${step}, and ${usual.toPrecision(3)} is usual for this run.`
        return {
          words:
            clip > 0
              ? say`${facts} It is scaled down to ${clip}, so the weights do not jump, but these steps teach little. Lower the learning rate.`
              : say`${facts} Clip the gradient, and lower the learning rate.`,
          settings: ['learningRate', 'clip'],
        }
      },
    }
  },
}
