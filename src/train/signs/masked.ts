// Signs in the number of trained tokens.
import { say } from '../../config/phrase'
import type { Rule } from './sign'

/** Of the tokens of the first steps, none is trained on, or fewer than one in a hundred. */
export const everythingMasked: Rule = {
  name: 'everything-masked',
  begin() {
    const after = 5
    let supervised = 0
    return {
      onStep({ step, tokens, totalTokens }) {
        supervised += tokens
        if (step !== after || supervised >= 0.01 * totalTokens) return undefined
        const advice = say`Check which column is the answer, which turns are trained on, and whether the maximum length cuts the answers off.`
        return {
          words:
            supervised === 0
              ? say`Everything is masked: none of the ${totalTokens} tokens of ${after} steps is trained on, so nothing can be learned. ${advice}`
              : say`Nearly everything is masked: ${supervised} of the ${totalTokens} tokens of ${after} steps are trained on. ${advice}`,
          settings: ['maxLength'],
        }
      },
    }
  },
}
