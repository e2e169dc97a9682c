// English: how tokens are divided among experts.

export const experts = {
  title: 'Tokens by expert',
  expert: (number: string) => `Expert ${number}`,
  help: (share: string) =>
    `The share of the router’s choices that fell on each expert in a step, over all routers. Padding does not count. If all are used alike, each has ${share}.`,
}
