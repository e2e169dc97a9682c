// Prompt tuning (Lester 2021, arXiv 2104.08691, section 2): only vectors in front of the input's embeddings are trained.
import { say } from '../config/phrase'
import type { Field, SettingsOf } from '../config/field'
import type { Hooks } from '../models/hooks'
import { virtualTokens } from '../ops/embedding'
import { anything, promptKeys } from './config-keys'
import { declare } from './initial'
import { type Base, type SetUp, defineMethod } from './method'
import { normal, randomSource } from './random'

const fields = [
  {
    key: 'virtualTokens',
    type: 'number',
    label: 'Virtual tokens',
    help: 'How many vectors are trained. Each takes the place of one token in the context.',
    default: 20,
    min: 1,
    max: 1024,
    integer: true,
  },
  {
    key: 'init',
    type: 'choice',
    label: 'Start from',
    help: 'The values of the vectors before training.',
    default: 'text',
    options: [
      { value: 'text', label: 'The embeddings of a text' },
      { value: 'vocabulary', label: 'The embeddings of random tokens' },
      { value: 'random', label: 'Random values' },
    ],
  },
  {
    key: 'initText',
    type: 'text',
    label: 'Starting text',
    help: 'The text whose embeddings the vectors start from. It is repeated or cut to the number of virtual tokens.',
    default: 'Answer the request as well as you can.',
    maxLength: 4000,
  },
] as const satisfies readonly Field[]
type PromptSettings = SettingsOf<typeof fields>

const key = 'prompt_embeddings'

/**
 * Starting values [P, C]: standard normal as in torch's nn.Embedding, embeddings of random tokens, or the embeddings of a text that is
 * repeated or cut (peft prompt_tuning/model.py).
 */
async function startingValues({ base, settings, seed }: SetUp<PromptSettings>): Promise<Float32Array> {
  const tokens = settings.virtualTokens
  if (settings.init === 'random') return normal(randomSource(seed, key), tokens * base.config.hidden, 1)
  if (settings.init === 'vocabulary') {
    const random = randomSource(seed, key)
    return base.embeddingRows(Array.from({ length: tokens }, () => Math.floor(random() * base.config.vocab)))
  }
  const ids = base.encode(settings.initText)
  const words = ids.length ? ids : base.encode('Answer:')
  return base.embeddingRows(Array.from({ length: tokens }, (_, i) => words[i % words.length]))
}

async function setUp(context: SetUp<PromptSettings>): Promise<Hooks> {
  const { base, settings } = context
  const tokens = settings.virtualTokens
  const start = context.initial ? undefined : await startingValues(context)
  const prompt = declare(context, [{ name: key, shape: [tokens, base.config.hidden], decay: true, fresh: () => start! }]).get(key)!
  return {
    virtualTokens: tokens,
    embeds: (r, x, ids, { batch }) => virtualTokens(r, x, ids, prompt, base.config.vocab, batch),
  }
}

function toConfig(settings: PromptSettings, base: Base): Record<string, unknown> {
  return {
    peft_type: 'PROMPT_TUNING',
    task_type: 'CAUSAL_LM',
    base_model_name_or_path: base.name,
    tokenizer_name_or_path: base.name,
    inference_mode: true,
    num_virtual_tokens: settings.virtualTokens,
    token_dim: base.config.hidden,
    num_layers: base.config.layers,
    num_attention_heads: base.config.heads,
    num_transformer_submodules: 1,
    // With TEXT, PEFT would tokenise the text again when it loads the adapter. The trained values are in the file, so RANDOM is enough.
    prompt_tuning_init: 'RANDOM',
    prompt_tuning_init_text: null,
  }
}

export const promptTuning = defineMethod({
  name: 'prompt-tuning',
  label: 'Prompt tuning',
  summary:
    'Trains a few vectors that are put in front of every input, and nothing else. Choose it for large models and the smallest files.',
  paper: 'Lester et al. 2021, arXiv 2104.08691',
  fields,
  training: { learningRate: 3e-2 },
  bases: [],
  onPictures: say`Prompt tuning puts its vectors among tokens, and pictures have none; visual prompt tuning puts them among patches`,
  peftType: 'PROMPT_TUNING',
  setUp,
  virtualTokens: (settings) => settings.virtualTokens,
  leadsRows: true,
  toConfig,
  configKeys: {
    ...promptKeys('PROMPT_TUNING'),
    prompt_tuning_init: anything,
    prompt_tuning_init_text: anything,
    tokenizer_name_or_path: anything,
    tokenizer_kwargs: anything,
  },
  fromConfig: (config) => ({ virtualTokens: Number(config.num_virtual_tokens), init: 'random', initText: '' }),
})
