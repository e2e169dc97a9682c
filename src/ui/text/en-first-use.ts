// English: what the empty page shows, the end of the demo, and the guide for a person's own files.

export const gets = {
  title: 'What you get',
  lead: 'These figures are from the demo.',
  curve: 'Curves while it trains',
  curveHelp: (steps: string, from: string, to: string) =>
    `In the first ${steps} steps, the training loss fell from ${from} to ${to}. The page says beforehand how much GPU memory a run takes.`,
  curveLabel: (from: string, to: string) => `Training loss, from ${from} to ${to}`,
  answers: 'A model that has learned from your examples',
  answersHelp: (before: string, after: string, rows: string) =>
    `Of ${rows} such sentences that it had not seen, it translated ${before} before training and ${after} after it.`,
  files: 'Files that are yours',
  filesHelp: 'PEFT loads the folder, and llama.cpp loads the GGUF file.',
}

export const demoEnd = {
  examples: 'Held-out rows before and after training',
  fullList: 'All answers',
  download: 'Download the adapter',
  base: (bytes: string) => `Download the base model (${bytes})`,
  baseHelp: 'To use the adapter elsewhere, you also need its base model.',
  own: 'Train on your own files',
}

export const guide = {
  title: 'Your first adapter',
  begin: 'Guide me with my own files',
  leave: 'Leave the guide',
  names: { model: 'Model', data: 'Data', start: 'Start', training: 'Training', done: 'Adapter' },
  model:
    'Choose a GGUF file, or the folder of a model from Hugging Face. A small model is a good beginning, for example SmolLM2-135M-Instruct from huggingface.co/HuggingFaceTB/SmolLM2-135M-Instruct. You can also drop files anywhere on the page.',
  data: 'Choose a file with your examples. In the simplest form, each line is one example:',
  dataExample: '{"prompt": "What is the capital of France?", "completion": "Paris"}',
  start: 'Everything has a sensible value, and LoRA is a good method to begin with. Press the button, or change what you like below.',
  training: 'The adapter is being trained. You can watch its loss, pause it, or stop it and keep the adapter as it is.',
  folded: (step: string) => `Your first adapter: ${step}`,
  close: 'Close the guide',
  blockedBy: (what: string) => `Before training can start: ${what}.`,
  blocked: (why: string) => `Training cannot start yet. ${why}.`,
  watch: 'Show the curves',
  goOn: 'Continue',
  done: (name: string) => `${name} has an adapter. It is saved in this browser.`,
  again: 'Train another',
}
