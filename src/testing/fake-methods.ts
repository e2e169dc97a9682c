// Methods of the fake engine: forms like those of the real registry, without anything behind them.
import type { MethodReport } from '../worker/api'

const targets = {
  key: 'targetModules',
  type: 'text',
  label: 'Target modules',
  help: 'PEFT module names, separated by commas, or all-linear.',
  default: 'all-linear',
} as const

export const fakeMethods: MethodReport[] = [
  {
    name: 'lora',
    label: 'LoRA',
    summary: 'Adds a low-rank update to linear layers and leaves the base as it is.',
    paper: 'https://arxiv.org/abs/2106.09685',
    fields: [
      {
        key: 'r',
        type: 'number',
        label: 'Rank r',
        help: 'Width of the update. More can learn more and takes more memory.',
        default: 8,
        min: 1,
        max: 512,
        integer: true,
      },
      { key: 'alpha', type: 'number', label: 'Alpha', help: 'The update is scaled by alpha / r.', default: 16, min: 0.01, max: 4096 },
      {
        key: 'dropout',
        type: 'number',
        label: 'Dropout',
        help: 'Share of inputs left out while training.',
        default: 0,
        min: 0,
        max: 0.9,
        step: 0.05,
        advanced: true,
      },
      targets,
      {
        key: 'rslora',
        type: 'boolean',
        label: 'Rank-stabilised scale',
        help: 'Scales by alpha / √r instead.',
        default: false,
        advanced: true,
      },
    ],
    training: { learningRate: 2e-3 },
    bases: [],
    exports: ['gguf'],
  },
  {
    name: 'qlora',
    label: 'QLoRA',
    summary: 'LoRA on a base held in 4 bits with double quantisation.',
    paper: 'https://arxiv.org/abs/2305.14314',
    fields: [
      { key: 'r', type: 'number', label: 'Rank r', help: 'Width of the update.', default: 16, min: 1, max: 512, integer: true },
      { key: 'alpha', type: 'number', label: 'Alpha', help: 'The update is scaled by alpha / r.', default: 16, min: 0.01, max: 4096 },
      targets,
    ],
    training: { learningRate: 1e-3 },
    bases: ['nf4-dq'],
    exports: ['gguf'],
  },
  {
    name: 'prompt-tuning',
    label: 'Prompt tuning',
    summary: 'Learns a few vectors that stand before every input.',
    paper: 'https://arxiv.org/abs/2104.08691',
    fields: [
      {
        key: 'virtualTokens',
        type: 'number',
        label: 'Virtual tokens',
        help: 'How many vectors stand before the input.',
        default: 20,
        min: 1,
        max: 1000,
        integer: true,
      },
      {
        key: 'init',
        type: 'choice',
        label: 'Start from',
        help: 'Random vectors, or the embeddings of a text.',
        default: 'random',
        options: [
          { value: 'random', label: 'Random vectors' },
          { value: 'text', label: 'A text' },
        ],
      },
      {
        key: 'initText',
        type: 'text',
        label: 'Text',
        help: 'Its tokens are repeated or cut to the number of virtual tokens.',
        default: '',
        multiline: true,
      },
    ],
    training: { learningRate: 3e-2 },
    bases: [],
    exports: [],
  },
]
