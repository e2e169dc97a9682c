/** The setting of steps that choose at random. */
export const seedField = {
  key: 'seed',
  type: 'number',
  label: 'Seed',
  help: 'The same seed chooses the same rows.',
  default: 1,
  min: 0,
  max: 2 ** 32 - 1,
  integer: true,
  advanced: true,
} as const
