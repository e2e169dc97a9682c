// The text of the learning-rate sweep, and of how much a run does.
export const sweep = {
  start: 'Find a rate',
  help: 'Takes 30 steps at each of eight rates, always from the same weights and with the same rows. It takes as long as 240 steps.',
  curves: 'Loss by step, one curve for each rate',
  unstable: (why: string) => `unstable: ${why}`,
  mean: (loss: string) => `mean loss at the end ${loss}`,
  step: (step: number, steps: number) => `step ${step} of ${steps}`,
  suggested: '· suggested',
  suggestion: (rate: string) => `Suggested rate: ${rate}.`,
  take: (rate: string) => `Use ${rate}`,
  none: 'No rate is stable. Clip the gradient, or try another method.',
  confirmed: (run: string, loss: string) =>
    `Confirmed: the last loss of ${run}, which used this rate, is ${loss}, no higher than in the sweep.`,
  higher: (run: string, loss: string, expected: string) =>
    `Not confirmed: the last loss of ${run}, which used this rate, is ${loss}. In the sweep it was ${expected}. Try a smaller rate.`,
}

export const efforts = {
  title: 'How thoroughly to train',
  names: { fast: 'Fast', balanced: 'Balanced', thorough: 'Thorough' },
  help: {
    fast: 'One epoch, evaluated only before and after.',
    balanced: 'Three epochs, evaluated every 50 steps.',
    thorough: 'Six epochs with a cosine schedule and a longer warm-up, evaluated every 25 steps.',
  },
  simple: 'Show only the most important settings',
}
