// English: imported adapters, and tasks with adapters.

import type { Combination } from '../../worker/api'

export const adapters = {
  import: 'Import an adapter',
  importHelp:
    'Choose a zip or the files of an adapter’s folder, made by this page or by PEFT. You can also drop them anywhere on the page.',
  importFolder: 'Choose a folder',
  waiting: (names: string) => `${names} will be read when the base model is loaded.`,
  reading: (name: string) => `Reading ${name}`,
  taken: (names: string) => `${names} is loaded. You can chat with it, evaluate it or train it further.`,
  takenMany: (names: string) => `${names} are loaded. You can chat with them, evaluate them or train them further.`,
  goOn: 'Train further',
  goOnNotice: (name: string) => `Training continues from ${name}. Its method and method settings cannot be changed.`,
  fresh: 'Start from scratch instead',
  evaluate: 'Evaluate',
  evaluateHelp: 'Measures the loss on the evaluation rows of the loaded data.',
  evaluated: (perplexity: string, data: string) => `${perplexity} on ${data}`,
  evaluatedTitle: 'Evaluated perplexity',
  came: 'Imported',
  madeFor: 'Made for',
  wentOnFrom: 'Continued from',
  method: 'Method',
  combine: 'Combine two LoRA adapters',
  combineHelp: 'Adds their updates with weights. 1 and 1 applies both in full; 0.5 and 0.5 takes their average.',
  first: 'First adapter',
  second: 'Second adapter',
  weightOf: (which: string) => `Weight of the ${which.toLowerCase()}`,
  weight: 'Weight',
  combineType: 'Combination type',
  combineTypes: { cat: 'Exact (the ranks add up)', svd: 'Closest of the larger rank', linear: 'Average A and B (rough)' } satisfies Record<
    Combination,
    string
  >,
  combineRun: 'Combine',
  combinedOf: 'Combined from',
  combinedParts: (parts: string, type: string) => `${parts} (${type})`,
  merge: 'Merge into the base',
  mergeHelp: 'Writes a complete model that needs no adapter.',
  mergeForm: 'File format',
  mergeForms: {
    f16: 'Hugging Face folder, F16',
    bf16: 'Hugging Face folder, BF16',
    f32: 'Hugging Face folder, F32',
    gguf: 'GGUF, F16',
  },
  mergeRun: 'Merge and download',
}
