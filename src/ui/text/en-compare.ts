// English: the comparison of methods.
import type { Field } from '../../config/field'
import type { ComparisonFact } from '../../config/comparison'
import type { BaseFormat } from '../../config/run-config'

export const compare = {
  title: 'Compare methods',
  lead: 'Trains several methods, or one with several settings or seeds, one after another on the same data. Each method has its own learning rate.',
  missing: {
    model: 'Choose a model',
    data: 'Choose a dataset',
    counting: 'Counting rows…',
    nothingToTrain: 'Nothing left to train on: raise the length',
    badLines: 'Decide what to do with unusable lines',
    unknownCharacters: 'Decide what to do with unknown characters',
    evaluation: 'Hold out rows, or choose an evaluation file',
    methods: 'Choose methods',
    fields: 'Correct the settings',
    values: 'Correct the varied settings',
  },
  zeroShot: {
    title: 'Zero shot',
    templates: 'Templates',
    help: 'Texts with {} for the name of a class, one on each line. The untrained base sorts the held-out pictures with each of them, and with the mean of their features. Each has a row in the table. The base also has a row with its usual text, “a photo of a {}.”',
  },
  answers: {
    title: 'Answers',
    shots: 'Solved examples',
    shotsHelp:
      'Numbers of solved examples, separated by commas. For each number, the untrained base also answers with that many training rows in front of each question. Empty = none.',
    prompts: 'Other task descriptions',
    promptsHelp: 'Also asks the untrained base with each of these in front of every prompt. One on each line.',
    others: 'Add another model’s answers',
    othersInput: 'File of another model’s answers',
    retained: 'What it should still know',
    retainedInput: 'File of what the model should still know',
    filesHelp:
      'Another model’s answers are rows with the columns prompt and answer, for the same held-out rows. What it should still know is a second data file: its perplexity is measured for the base and after every run.',
    retainedHelp: 'What it should still know is a second data file: its perplexity is measured for the base and after every run.',
    answersIn: (name: string) => `Answers: ${name}`,
    retainedIn: (name: string) => `Should still know: ${name}`,
    remove: (name: string) => `Remove ${name}`,
  },
  lostFiles: (names: string) =>
    `Not measured after the page was reloaded: ${names}. The page does not keep these files. Start the comparison again with them if you need their figures.`,
  bars: 'Chart of one figure',
  figure: 'Figure',
  target: 'Time to reach the perplexity',
  vary: {
    title: 'Varied settings',
    lead: 'Each method is trained once for each value, and for each combination of the values of several settings.',
    add: 'Vary a setting',
    setting: 'Setting',
    values: 'Values',
    ofMethod: (method: string, field: string) => `${method}: ${field}`,
    remove: (setting: string) => `No longer vary ${setting}`,
    runs: (count: string) => `${count} runs`,
    example: (field: Field | undefined) => {
      if (field?.type === 'choice')
        return field.options
          .slice(0, 2)
          .map(({ value }) => value)
          .join(', ')
      if (field?.type === 'boolean') return 'true, false'
      if (field?.type === 'text') return field.multiline ? '' : `${field.default || 'A'} | B`
      return field?.key === 'seed' ? '1, 2, 3' : `${field?.default ?? 1}, ${Number(field?.default ?? 1) * 2}`
    },
    help: (field: Field | undefined) => {
      if (field?.type === 'choice') return `Separated by commas. Possible values: ${field.options.map(({ value }) => value).join(', ')}.`
      if (field?.type === 'text') return field.multiline ? 'One on each line. An empty line stands for none.' : 'Separated by |.'
      return field?.key === 'seed' ? 'Separated by commas. The table shows the mean and the spread.' : 'Separated by commas.'
    },
  },
  emptyBody: 'First load a model and a dataset. Then choose the methods to compare.',
  emptyAction: 'Set up',
  methods: 'Methods',
  all: 'All that work with this base',
  none: 'None',
  rate: 'Learning rate',
  rateOf: (label: string) => `Learning rate of ${label}`,
  takes: (parameters: string, bytes: string) => `${parameters} trainable, ${bytes} on the GPU`,
  settingsHint: 'Each method uses the settings you chose for it under Set up.',
  shared: 'Shared by all methods',
  lengthNote: (length: string) => `Rows are cut at ${length} tokens, so that every chosen method fits in the model’s context.`,
  noCompletions: 'This data has no completions, so answers are not scored.',
  start: (count: string) => `Compare ${count} methods`,
  startRuns: (count: string) => `Train ${count} runs`,
  time: (time: string) => `about ${time}, as fast as earlier runs`,
  timeUnknown: 'How long it takes is known once a run has trained on this model.',
  left: (time: string) => `· about ${time} left`,
  leftAtLeast: (time: string) => `· more than ${time} left; the evaluations and answers of runs that wait are not counted yet`,
  startOne: 'Compare 1 method with the base',
  again: 'Set up another comparison',
  which: 'Comparison',
  whichOf: (date: string, count: string) => `${date}, ${count} runs`,
  progress: (done: string, all: string) => `${done} of ${all} runs done`,
  stopAll: 'Stop the comparison',
  curves: 'Curves',
  table: 'Results',
  base: 'Base without an adapter',
  bases: {
    native: 'as in the files',
    f32: '32 bits',
    f16: '16 bits',
    q8_0: 'Q8_0',
    nf4: 'NF4',
    'nf4-dq': 'NF4, double',
    fp4: 'FP4',
    q4_0: 'Q4_0',
  } satisfies Record<BaseFormat, string>,
  columns: {
    method: 'Method',
    base: 'Base precision',
    trainableParameters: 'Trainable',
    trainableShare: 'Share',
    adapterBytes: 'Adapter',
    peakGpuBytes: 'Peak GPU',
    seconds: 'Training time',
    variant: 'Run',
    model: 'Model',
    characterPerplexity: 'Perplexity per character',
    retainedPerplexity: 'Retained perplexity',
    spikes: 'Spikes',
    spikeHeight: 'Highest spike',
    finalMinusBest: 'Final minus best',
    secondsToTarget: 'Time to reach the perplexity',
    gainShare: 'Share of full gain',
  } satisfies Record<ComparisonFact, string>,
  sortBy: (column: string) => `Sort by ${column}`,
  best: 'best in the table',
  spread: (mean: string, spread: string) => `${mean} ± ${spread}`,
  between: (value: string, low: string, high: string) => `${value} (${low} to ${high})`,
  meanOf: (group: string, count: string) => `${group}, mean of ${count} seeds`,
  talk: 'Chat',
  talkTo: (name: string) => `Chat with ${name}`,
  csv: 'CSV',
  markdown: 'Markdown',
  download: (what: string) => `Download as ${what}`,
  copy: (what: string) => `Copy as ${what}`,
  copied: (what: string) => `Copied as ${what}.`,
  notCopied: 'The browser did not allow copying. Download the file instead.',
}
