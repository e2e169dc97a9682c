// English: adapters from elsewhere, and what can be done with adapters.

export const adapters = {
  waiting: (names: string) => `${names} will be read as soon as the base model is loaded.`,
  reading: (name: string) => `Reading ${name}`,
  taken: (names: string) => `${names} is here now: talk to it, evaluate it, train it further.`,
  takenMany: (names: string) => `${names} are here now: talk to them, evaluate them, train them further.`,
  goOn: 'Train further',
  goOnNotice: (name: string) => `Training goes on from ${name}. Its method and its settings are fixed.`,
  fresh: 'Start fresh instead',
  evaluate: 'Evaluate',
  evaluateHelp: 'Loss over the evaluation rows of the data that is loaded.',
  evaluated: (perplexity: string, data: string) => `${perplexity} on ${data}`,
  evaluatedTitle: 'Evaluated perplexity',
  came: 'Came',
  method: 'Method',
  merge: 'Merge into the base',
  mergeHelp: 'Makes a whole model that needs no adapter.',
  mergeForm: 'Write it as',
  mergeForms: {
    f16: 'Hugging Face folder, F16',
    bf16: 'Hugging Face folder, BF16',
    f32: 'Hugging Face folder, F32',
    gguf: 'GGUF, F16',
  },
  mergeRun: 'Merge and download',
}
