// All text that the page shows, in English. Sentences of the engine, labels and help of settings, summaries of methods
// and names of metrics are English where they are defined. Another language is an object of type Text in a file beside this one; its
// `sentences` translates those of the engine by their English words (config/phrase.ts).

import type { Dictionary } from '../../config/phrase'
import { families } from '../../formats/families/registry'
import { adapters } from './en-adapters'
import { answers } from './en-answers'
import { baseCheck } from './en-base-check'
import { bench } from './en-bench'
import { charts } from './en-charts'
import { chats } from './en-chats'
import { compare } from './en-compare'
import { copies } from './en-copies'
import { data } from './en-data'
import { demoEnd, gets, guide } from './en-first-use'
import { language } from './en-language'
import { keys } from './en-keys'
import { diagnostics, library } from './en-library'
import { experts } from './en-experts'
import { link } from './en-link'
import { efforts, sweep } from './en-sweep'
import { measure } from './en-measure'
import { precision } from './en-precision'
import { numbers } from './en-numbers'
import { pictures } from './en-pictures'
import { play } from './en-play'
import { runs } from './en-runs'
import { train } from './en-train'
import { workbench } from './en-workbench'

const labels = families.map(({ label }) => label)
const familyLabels = `${labels.slice(0, -1).join(', ')} and ${labels.at(-1)}`

/** Sentences, labels and help of the engine by their English words. They are English already. */
const sentences: Dictionary = {}

export const en = {
  sentences,
  compare,
  measure,
  precision,
  pictures,
  sweep,
  efforts,
  workbench,
  copies,
  adapters,
  answers,
  baseCheck,
  chats,
  experts,
  play,
  bench,
  link,
  gets,
  demoEnd,
  guide,
  locale: 'en',
  name: 'TabTune',
  views: { setup: 'Set up', data: 'Data', train: 'Train', compare: 'Compare', answers: 'Answers', play: 'Chat', library: 'Library' },
  viewsLabel: 'Views',
  skip: 'Skip to content',
  language,
  theme: { label: 'Theme', light: 'Light', dark: 'Dark', system: 'System' },
  close: 'Close',
  dismiss: 'Dismiss',
  cancel: 'Cancel',
  gpu: {
    checking: 'Looking for a GPU…',
    none: 'No GPU',
    recovering: 'Recovering…',
    recoveringHelp: 'The graphics device was lost. It is being opened again.',
    withheld: (seconds: string) =>
      `The graphics device was lost. After repeated crashes, the browser withholds it for about two minutes. TabTune asks for it again for up to ${seconds} seconds more and then continues by itself.`,
    software: 'software',
    softwareHelp:
      'This graphics adapter runs on the processor. Results are correct but slow. In Chrome, turn on hardware acceleration in Settings → System. On Linux, also start Chrome with --enable-features=Vulkan --enable-unsafe-webgpu.',
    buffers: (buffer: string, binding: string) => `largest buffer ${buffer}, largest binding ${binding}`,
  },
  gate: {
    insecure: {
      title: 'This address hides the GPU',
      body: 'Browsers offer WebGPU only to pages served over https or from this computer. Open the studio at the address below instead.',
      action: 'Open on localhost',
    },
    browser: {
      title: 'This browser has no WebGPU',
      body: 'TabTune trains on your GPU through WebGPU. Current versions of Chrome, Edge, Firefox and Safari support it. Update this browser, or open the page in another one.',
      action: 'Check again',
    },
    adapter: {
      title: 'The browser found no GPU it can use',
      body: 'Turn on hardware acceleration in the browser’s settings, then restart the browser. If the graphics driver has just crashed, wait two minutes and reload the page.',
      action: 'Check again',
    },
  },
  welcome: {
    title: 'Fine-tune a language model on your own GPU',
    lead: 'Drop a model and a dataset on this page, train, watch the loss fall, and download an adapter that PEFT and llama.cpp can load.',
    private: 'Nothing leaves this device.',
    demo: 'Try the demo',
    demoHelp: 'It trains a small language model to turn sentences into short records, such as inform(name[…]).',
    pictureDemo: 'Try it with pictures',
    pictureDemoHelp: 'It compares three methods on a few drawings.',
    wordDemo: 'Try it with pictures and words',
    wordDemoHelp: 'It compares zero shot, learned context (CoOp), a linear probe and LoRA.',
    dropTitle: 'Drop a model or a dataset',
    dropHelp:
      'You can drop a .gguf file, a Hugging Face folder, an adapter (a folder or a zip), a dataset (JSONL, JSON, CSV, TSV, Parquet or text; or a folder of pictures for each class), or all of them at once.',
  },
  steps: {
    model: { title: 'Model', help: 'A GGUF file, or a folder with config.json and safetensors.' },
    data: {
      title: 'Data',
      help: 'JSONL, JSON, CSV, TSV, Parquet or text: texts, prompts and completions, instructions or chats. Or pictures, with a folder for each class.',
    },
    method: { title: 'Method', help: 'Choose a method. Its settings start at sensible values.' },
  },
  pick: {
    files: 'Choose files',
    folder: 'Choose a folder',
    data: 'Choose a dataset',
    evaluation: 'Choose an evaluation file',
    another: 'Change',
    modelInput: 'Model files',
    folderInput: 'Model folder',
    dataInput: 'Dataset file',
    evalInput: 'Evaluation file',
  },
  drop: {
    overlay: 'Drop to open',
    overlayHelp: 'TabTune recognises models, adapters and datasets by their content.',
    busy: 'A run is in progress. Stop it before opening other files.',
    table: (name: string) => `${name} is a table in a format that this page cannot read. Save it as CSV or JSONL.`,
    ignored: (names: string) => `Ignored: ${names}.`,
    nothing:
      'None of these files is a model, an adapter or a dataset. A model is a .gguf file or a folder with config.json. An adapter is a folder or a zip with adapter_config.json. A dataset is a JSONL, JSON, CSV, TSV, Parquet or text file, or a folder with a folder of pictures for each class.',
  },
  phases: {
    reading: 'Reading',
    tuning: 'Measuring the graphics card',
    quantising: 'Quantising',
    mapping: 'Computing how the base represents the rows',
    uploading: 'Uploading to the GPU',
    checking: 'Reading the weights back from the GPU',
    tokenising: 'Tokenising',
    compiling: 'Preparing kernels',
    training: 'Training',
    evaluating: 'Evaluating',
    generating: 'Generating',
    merging: 'Merging',
    saving: 'Saving',
    recovering: 'Graphics device lost. Recovering…',
  },
  model: {
    title: 'Model',
    loading: (name: string) => `Loading ${name}`,
    again: 'Reload this model',
    empty: 'Drop a .gguf file or a Hugging Face folder here.',
    architecture: 'Architecture',
    architectureValue: (family: string, layers: string, hidden: string) =>
      `${family}, ${layers} ${layers === '1' ? 'layer' : 'layers'} × ${hidden}`,
    heads: 'Attention heads',
    headsValue: (heads: string, kv: string) => `${heads}, with ${kv} for keys and values`,
    parameters: 'Parameters',
    context: 'Context',
    tokens: (count: string) => `${count} tokens`,
    vocabulary: 'Vocabulary',
    vocabularyValue: (count: string, tied: boolean) => (tied ? `${count}, tied embeddings` : count),
    tokenizer: 'Tokenizer',
    tokenizerNone: 'None',
    template: 'Chat template',
    templateYes: 'Yes',
    templateNo: 'None',
    templateShow: 'Show the template',
    licence: 'Licence',
    licenceUnknown: 'Not stated',
    size: 'Size',
    sizeValue: (file: string, gpu: string) => `${file} in files, ${gpu} on the GPU`,
    formats: 'Weight formats in the files',
    format: 'Format',
    tensors: 'Tensors',
    bytes: 'Size',
    base: 'Base precision',
    baseHelp: 'The GPU keeps the frozen weights in this format. If you change it, the model is loaded again.',
    bases: {
      native: 'As in the files',
      f32: '32 bits',
      f16: '16 bits',
      q8_0: '8 bits (Q8_0, whole numbers)',
      nf4: '4 bits (NF4)',
      'nf4-dq': '4 bits (NF4, double quantised)',
      fp4: '4 bits (FP4)',
      q4_0: '4 bits (Q4_0, whole numbers)',
    },
  },
  data,
  method: {
    title: 'Method',
    choose: 'Method',
    paper: (words: string) => `Paper (${words})`,
    settings: 'Method settings',
    training: 'Training settings',
    advanced: 'Show advanced settings',
    reset: 'Reset to defaults',
    changed: (count: string) => `${count} changed`,
    needsModel: 'Load a model to see the methods and their settings.',
    expected: (what: string) => `Please enter ${what}.`,
    baseNotice: (label: string, base: string) =>
      `${label} needs another base precision: ${base}. The model is loaded again with it when the run starts.`,
    baseAction: 'Load it now',
  },
  memory: {
    title: 'GPU memory',
    offered: (bytes: string) => `this GPU allows buffers of up to ${bytes}`,
    afterReload: (base: string) =>
      `The exact figure depends on the base precision (${base}). The model is loaded with it, and the memory is checked, before the run starts.`,
    unknown: 'The GPU memory is shown once you have chosen a model, data and a method.',
    purposes: {
      weights: 'Frozen weights',
      adapter: 'Adapter',
      gradients: 'Gradients',
      optimizer: 'Optimizer',
      activations: 'Activations',
      inputs: 'Inputs',
      tables: 'Tables',
      readback: 'Copies read by the page',
    } as Record<string, string>,
    trainable: (count: string, share: string) => `${count} trainable parameters (${share})`,
    steps: (count: string) => `${count} steps`,
    adapterSize: (bytes: string) => `adapter ${bytes}`,
    evalRows: (used: string, all: string) => `evaluates on ${used} of ${all} held-out rows`,
    evalPictures: (used: string, all: string) => `evaluates on ${used} of ${all} held-out pictures`,
    ways: 'Each of these changes makes it fit:',
    wayBytes: (bytes: string) => `takes at least ${bytes}.`,
    findWays: 'What would make it fit?',
    findingWays: 'Looking for changes that make it fit…',
    noWays: 'No single change makes it fit. Lower the maximum length and choose a smaller model.',
  },
  start: {
    ready: 'Start training',
    queue: 'Add to queue',
    busy: 'Waiting for the current task…',
    goTo: (what: string) => `Go to ${what}`,
    setting: (label: string, what: string) => `${label}: expected ${what}.`,
    correct: (label: string) => `Correct ${label}`,
    missing: {
      device: 'No GPU available',
      model: 'Choose a model',
      modelLoading: 'Loading the model…',
      data: 'Choose a dataset',
      dataLoading: 'Reading the dataset…',
      dataError: 'The dataset cannot be read',
      badLines: 'Decide what to do with unusable lines',
      unknownCharacters: 'Decide what to do with unknown characters',
      nothingToTrain: 'Nothing left to train on: raise the length',
      firstStage: 'Correct the steps on the raw text',
      method: 'Choose a method',
      unavailable: 'This method does not work with this model',
      fields: 'Correct the settings',
      estimating: 'Calculating memory…',
      memory: 'This run does not fit in memory',
      settings: 'This run cannot start',
    },
  },
  demo: {
    title: 'Demo',
    stages: {
      idle: '',
      fetching: 'Fetching the demo files',
      loading: 'Loading model and data',
      before: 'Asking the base model about held-out sentences',
      training: 'Training',
      after: 'Asking the trained adapter about the same sentences',
      examples: 'Asking both for whole answers to three of them',
      comparing: 'Comparing methods on drawings that the model has not seen',
      done: 'Done',
      elsewhere: 'The demo continues in another tab. Its results are not collected here.',
      failed: 'The demo stopped',
    },
    before: 'Before training',
    after: 'After training',
    exact: (matched: string, rows: string) => `${matched} of ${rows} held-out rows answered exactly`,
    again: 'Run again',
    accuracies: 'Accuracy on held-out pictures',
    zeroShot: 'Zero shot, without training',
    best: (method: string, accuracy: string, seeds: string) =>
      `${method} is best here: it sorts ${accuracy} of the held-out drawings correctly. This is the mean of ${seeds} seeds.`,
    mistakes: 'See the mistakes',
  },
  status: {
    queued: 'Queued',
    preparing: 'Preparing',
    training: 'Training',
    recovering: 'Graphics device lost. Recovering…',
    pausing: 'Pausing',
    paused: 'Paused',
    stopping: 'Stopping',
    finished: 'Finished',
    stopped: 'Stopped',
    failed: 'Failed',
    interrupted: 'Interrupted',
    elsewhere: 'In another tab',
    imported: 'Imported',
    combined: 'Combined',
  },
  train,
  charts,
  runs,
  library,
  diagnostics,
  keys,
  help: {
    title: 'Help',
    gpu: 'This GPU',
    open: 'Help',
    sections: [
      {
        title: 'How it works',
        body: 'Load a model, load a dataset, choose a method and start. The base model stays frozen. The method trains a small adapter beside it, which you can download.',
      },
      {
        title: 'What can be loaded',
        body: `Models of the ${familyLabels} families, as GGUF or as a Hugging Face folder with safetensors. Adapters made by this page or by PEFT, as a folder or a zip. Data as JSONL, JSON, CSV, TSV, Parquet or text.`,
      },
      {
        title: 'What you get',
        body: 'A zip with the configuration, the weights and a model card, which says what loads them: PEFT for most methods. For LoRA, there is also a GGUF file for llama.cpp.',
      },
      {
        title: 'What to do next',
        body: 'You can compare methods on the same data, evaluate an adapter on other data, train it further, combine two adapters, or merge one into its base. You can also drop adapters made by this page or by PEFT here.',
      },
      { title: 'Where your data is', body: 'This browser computes and stores everything. The page contacts no other server.' },
    ],
  },
  ...numbers,
}

/** The entries that every language must have. */
export type Text = typeof en
