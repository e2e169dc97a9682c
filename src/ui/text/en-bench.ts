// English: the benchmark.

export const bench = {
  title: 'Measure this GPU',
  lead: 'Measures how fast this browser and its graphics adapter run what training needs, and compares that with the most the adapter can do. The models have random weights. Nothing is downloaded and nothing is sent.',
  link: 'Measure this GPU',
  only: 'Only',
  onlyHelp: 'Parts of names, separated by commas: NF4, attention, s260k. Leave this empty to measure everything.',
  extent: 'What to measure',
  extents: { quick: 'Kernels and small models', whole: 'Everything', size: 'Cost by size' },
  extentHelp: {
    quick: 'Takes a minute or two.',
    whole: 'On a real GPU, this includes models of up to a billion parameters. It takes minutes of time and gigabytes of memory.',
    size: 'Shows what training on one token costs as the layers, length, batch, vocabulary or rank grow, beside the cost expected from counting operations.',
  },
  sizes: 'Cost by size',
  measured: 'measured',
  counted: 'expected',
  perToken: (unit: string) => `${unit} per token`,
  start: 'Measure',
  stop: 'Stop',
  measuring: 'Measuring',
  stopped: 'Stopped. The tables show what was measured before.',
  software: 'This is a software adapter, which runs on the processor. Measuring everything takes several minutes.',
  markdown: 'Copy as Markdown',
  json: 'Copy as JSON',
  copied: 'Copied.',
  notCopied: 'The browser did not allow copying.',
}
