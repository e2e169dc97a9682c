// The text of what fast products cost and save in a run.
export const precision = {
  start: 'Compare exact and fast',
  help: (steps: number) => `Takes the first ${steps} steps of this run with exact and with fast products. What they train is not kept.`,
  lacking: 'This graphics device does not compute in f16 (shader-f16), so products are exact.',
  names: { exact: 'Exact', fast: 'Fast' },
  now: (name: string, step: number, steps: number) => `${name}: step ${step} of ${steps}…`,
  step: (time: string) => `${time} a step`,
  loss: (loss: string) => `loss ${loss} at the end`,
  take: (name: string) => `Use ${name.toLowerCase()}`,
  price: (share: string, gap: string, step: number, steps: number) =>
    `With fast products, a step takes ${share} of the time. Over ${steps === 1 ? 'the first step' : `the first ${steps} steps`}, the losses differ by at most ${gap} (step ${step}).`,
  seeds: 'To judge that difference, compare several seeds: another seed changes the loss too.',
}
