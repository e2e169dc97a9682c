// English: the benchmark.

export const bench = {
  title: 'Measure this GPU',
  lead: 'How fast this browser and its graphics adapter compute what training needs, against what the adapter can do at most. Models have random weights; nothing is loaded and nothing is sent.',
  link: 'Measure this GPU',
  only: 'Only',
  onlyHelp: 'Parts of names, with commas between: NF4, attention, s260k. Empty measures everything.',
  extent: 'What',
  extents: { quick: 'Kernels and small models', whole: 'Everything', size: 'Cost with size' },
  extentHelp: {
    quick: 'A minute or two.',
    whole: 'On a real GPU models of up to a billion parameters too: that takes minutes and gigabytes.',
    size: 'What training on one token costs as layers, length, batch, vocabulary or rank grow, beside what counting its operations says.',
  },
  sizes: 'Cost with size',
  measured: 'measured',
  counted: 'counted',
  perToken: (unit: string) => `${unit} a token`,
  start: 'Measure',
  stop: 'Stop',
  measuring: 'Measuring',
  stopped: 'Stopped. The tables hold what was measured by then.',
  software: 'This is a software adapter: the processor computes, and all of it takes several minutes.',
  markdown: 'Copy as Markdown',
  json: 'Copy as JSON',
  copied: 'Copied.',
  notCopied: 'The browser did not allow copying.',
}
