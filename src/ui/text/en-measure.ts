// The text of what a few measured steps say about a run before it starts.
export const measure = {
  start: 'Measure the time',
  help: 'Takes a few steps and says how long the whole run takes. Nothing is trained.',
  measuring: 'Measuring a few steps…',
  takes: (time: string) => `takes about ${time}`,
  speed: (tokens: string) => `${tokens} tokens/s`,
  sizes: 'Compare batch sizes',
  sizesHelp: 'Takes a few steps with 1, 2, 4, 8, … rows at once. Nothing is trained.',
  now: (rows: number) => `Measuring ${rows === 1 ? '1 row' : `${rows} rows`} at once…`,
  rows: 'Rows at once',
  tokens: 'Tokens/s',
  memory: 'GPU memory',
  time: 'Whole run',
  take: (rows: number) => `Use ${rows}`,
  taken: 'in use',
  fastest: 'fastest',
  kept: 'A step keeps its rows where they can be divided: it then has several micro-batches. More rows make larger steps.',
}
