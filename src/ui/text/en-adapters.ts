// English: adapters from elsewhere, and what can be done with adapters.

import type { Combination } from '../../worker/api'

export const adapters = {
  import: 'Import an adapter',
  importHelp: 'A zip, or the files of an adapter’s folder: of this page or of PEFT. It can also be dropped anywhere.',
  importFolder: 'A folder',
  waiting: (names: string) => `${names} will be read as soon as the base model is loaded.`,
  reading: (name: string) => `Reading ${name}`,
  taken: (names: string) => `${names} is here now: talk to it, evaluate it, train it further.`,
  takenMany: (names: string) => `${names} are here now: talk to them, evaluate them, train them further.`,
  goOn: 'Train further',
  goOnNotice: (name: string) => `Training continues from ${name}. Its method and its settings are fixed.`,
  fresh: 'Start fresh instead',
  evaluate: 'Evaluate',
  evaluateHelp: 'Loss over the evaluation rows of the data that is loaded.',
  evaluated: (perplexity: string, data: string) => `${perplexity} on ${data}`,
  evaluatedTitle: 'Evaluated perplexity',
  came: 'Came',
  madeFor: 'Made for',
  wentOnFrom: 'Went on from',
  method: 'Method',
  combine: 'Combine two LoRA adapters',
  combineHelp: 'Their updates are added up with weights: 1 and 1 have both, 0.5 and 0.5 go half way to each.',
  first: 'First adapter',
  second: 'Second adapter',
  weightOf: (which: string) => `Weight of the ${which.toLowerCase()}`,
  weight: 'Weight',
  combineType: 'How',
  combineTypes: { cat: 'Exactly: ranks add up', svd: 'Best of the larger rank', linear: 'A and B averaged: rough' } satisfies Record<
    Combination,
    string
  >,
  combineRun: 'Combine',
  combinedOf: 'Made of',
  combinedParts: (parts: string, type: string) => `${parts} (${type})`,
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
