// RunConfig: everything that the engine needs to know about a run, as plain data.
import { type Field, type Settings, type SettingsOf, defaults, parseSettings, typedSettings } from './field'
import { FormatError } from './errors'
import { say } from './phrase'
import { pictureFields } from './picture-fields'
import { type RecipeOfData, type ReplayOfData, recipeOfData, replayOfData } from './recipe-of-data'

/** Base precisions: how a base model's matrices are held. `native` = as in the file. */
export const baseFormats = ['native', 'f32', 'f16', 'q8_0', 'nf4', 'nf4-dq', 'fp4', 'q4_0'] as const
export type BaseFormat = (typeof baseFormats)[number]

/** Settings of a run that do not depend on the method. `steps` 0 = use `epochs`. */
export const trainingFields = [
  {
    key: 'learningRate',
    flag: 'lr',
    type: 'number',
    label: 'Learning rate',
    help: 'How far one step moves the weights. Each method has its own good range.',
    default: 2e-4,
    min: 0,
    max: 10,
    scale: 'log',
  },
  {
    key: 'epochs',
    type: 'number',
    label: 'Epochs',
    help: 'How many times training goes through the whole dataset. Not used if a number of steps is given.',
    default: 3,
    min: 0.01,
    max: 1000,
  },
  {
    key: 'steps',
    type: 'number',
    label: 'Steps',
    help: 'Number of optimizer steps. 0 = as many as the epochs need.',
    default: 0,
    min: 0,
    max: 10_000_000,
    integer: true,
  },
  {
    key: 'batchSize',
    flag: 'batch',
    type: 'number',
    label: 'Batch size',
    help: 'Examples in one micro-batch. More examples use the GPU better and take more memory.',
    default: 4,
    min: 1,
    max: 1024,
    integer: true,
  },
  {
    key: 'accumulate',
    type: 'number',
    label: 'Gradient accumulation',
    help: 'Number of micro-batches whose gradients are added up for one optimizer step. It takes more time, but no more memory.',
    default: 1,
    min: 1,
    max: 1024,
    integer: true,
  },
  {
    key: 'maxLength',
    kind: 'text',
    flag: 'length',
    type: 'number',
    label: 'Maximum length',
    help: 'The most tokens that one example may have. Longer examples are cut. Memory grows with this length.',
    default: 512,
    min: 8,
    max: 131_072,
    integer: true,
    unit: 'tokens',
  },
  {
    key: 'schedule',
    type: 'choice',
    label: 'Learning rate schedule',
    help: 'How the learning rate changes after warm-up.',
    default: 'linear',
    options: [
      { value: 'constant', label: 'Constant' },
      { value: 'linear', label: 'Linear to zero' },
      { value: 'cosine', label: 'Cosine to zero' },
    ],
  },
  {
    key: 'warmup',
    type: 'number',
    label: 'Warm-up',
    help: 'Number of steps over which the learning rate rises from zero.',
    default: 10,
    min: 0,
    max: 1_000_000,
    integer: true,
    unit: 'steps',
  },
  {
    key: 'clip',
    type: 'number',
    label: 'Gradient clipping',
    help: 'Largest global norm of the gradient. A larger gradient is scaled down. 0 turns clipping off.',
    default: 1,
    min: 0,
    max: 1e6,
  },
  {
    key: 'weightDecay',
    type: 'number',
    label: 'Weight decay',
    help: 'Decoupled weight decay of AdamW. It applies to matrices only.',
    default: 0.01,
    min: 0,
    max: 10,
    advanced: true,
  },
  {
    key: 'decayAll',
    type: 'boolean',
    label: 'Decay norms and biases too',
    help: 'Applies weight decay to norms and biases as well. Usually off.',
    default: false,
    advanced: true,
  },
  {
    key: 'beta1',
    type: 'number',
    label: 'AdamW β₁',
    help: 'Decay rate of the running mean of the gradient.',
    default: 0.9,
    min: 0,
    max: 0.9999,
    advanced: true,
  },
  {
    key: 'beta2',
    type: 'number',
    label: 'AdamW β₂',
    help: 'Decay rate of the running mean of the squared gradient.',
    default: 0.999,
    min: 0,
    max: 0.99999,
    advanced: true,
  },
  {
    key: 'epsilon',
    type: 'number',
    label: 'AdamW ε',
    help: 'Small number that keeps the division in AdamW finite.',
    default: 1e-8,
    min: 1e-12,
    max: 1,
    advanced: true,
    scale: 'log',
  },
  {
    key: 'evalEvery',
    type: 'number',
    label: 'Evaluate every',
    help: 'Steps between two evaluations on the held-out rows. 0 = only before the first step and at the end.',
    default: 50,
    min: 0,
    max: 1_000_000,
    integer: true,
    unit: 'steps',
  },
  {
    key: 'evalRows',
    type: 'number',
    label: 'Evaluation rows',
    help: 'How many held-out rows each evaluation takes: a seeded sample, the same in every run. 0 = chosen so that all evaluations together take about a tenth of the run, but at least 50. The whole set can be measured after the run.',
    default: 0,
    min: 0,
    max: 100_000_000,
    integer: true,
    unit: 'rows',
  },
  {
    key: 'patience',
    type: 'number',
    label: 'Early stopping',
    help: 'Stops after this many evaluations in a row that are no better than the best one. The run then ends with the weights of its best evaluation, even if it reaches its last step. 0 = off.',
    default: 0,
    min: 0,
    max: 1000,
    integer: true,
    unit: 'evaluations',
  },
  {
    key: 'samplePrompts',
    kind: 'text',
    type: 'number',
    label: 'Prompts answered while training',
    help: 'How many held-out prompts are answered at each evaluation, with up to 32 tokens each, so that you see the model learn. They take at most about a tenth of the time: answers are cut short or left out if they would take longer. 0 = none.',
    default: 3,
    min: 0,
    max: 20,
    integer: true,
    unit: 'prompts',
    advanced: true,
  },
  {
    key: 'precision',
    type: 'choice',
    label: 'Precision of products',
    help: 'Fast multiplies by the frozen base model in f16, which takes less time on most GPUs and changes the result a little. Sums, trained weights and evaluations stay in f32. It needs a GPU with f16 (shader-f16).',
    default: 'exact',
    options: [
      { value: 'exact', label: 'Exact (f32)' },
      { value: 'fast', label: 'Fast (f16)' },
    ],
    advanced: true,
  },
  {
    key: 'checkpointing',
    type: 'boolean',
    label: 'Gradient checkpointing',
    help: 'Recomputes each layer in the backward pass. It takes less memory and about a third more time. The result is the same.',
    default: false,
    advanced: true,
  },
  {
    key: 'memoryBudget',
    flag: 'memory',
    type: 'number',
    label: 'Memory budget',
    help: 'The most graphics memory that the run may take, including the model. As few layers as needed are recomputed; the result is the same. 0 = no limit.',
    default: 0,
    min: 0,
    max: 10_000_000,
    unit: 'MiB',
    advanced: true,
  },
  {
    key: 'optimizer',
    type: 'choice',
    label: 'Optimizer',
    help: '8-bit AdamW keeps the states of large tensors in a quarter of the bytes. It learns equally well, but the result is not bit for bit the same.',
    default: 'adamw',
    options: [
      { value: 'adamw', label: 'AdamW' },
      { value: 'adamw-8bit', label: 'AdamW with 8-bit states' },
    ],
    advanced: true,
  },
  {
    key: 'optimizerMemory',
    type: 'choice',
    label: 'Optimizer states',
    help: 'States in main memory leave more graphics memory for the model. They are copied to the GPU page by page in each step, which is slower. The result is the same. Automatic = in main memory only if the run does not fit otherwise.',
    default: 'auto',
    options: [
      { value: 'auto', label: 'Automatic' },
      { value: 'gpu', label: 'On the GPU' },
      { value: 'paged', label: 'In main memory' },
    ],
    advanced: true,
  },
  {
    key: 'packing',
    kind: 'text',
    type: 'boolean',
    label: 'Pack short examples together',
    help: 'Several examples share one row and do not see each other. This is faster if lengths differ a lot.',
    default: false,
    advanced: true,
  },
  {
    key: 'shuffle',
    flag: 'no-shuffle',
    type: 'boolean',
    label: 'Shuffle',
    help: 'Takes the rows in a new order in each epoch.',
    default: true,
    advanced: true,
  },
  {
    key: 'seed',
    type: 'number',
    label: 'Seed',
    help: 'The same seed with the same data on the same device gives the same losses.',
    default: 0,
    min: 0,
    max: 0xffffffff,
    integer: true,
  },
  ...pictureFields,
] as const satisfies readonly Field[]

/** Evaluations that take all held-out rows. */
export const allRows = { evalRows: 100_000_000 }

export type TrainingSettings = SettingsOf<typeof trainingFields>

export interface RunConfig {
  /** Registry name of the method. */
  method: string
  /** The method's own settings, by the keys of its fields. */
  methodSettings: Settings
  training: TrainingSettings
  /** The id of a run whose adapter the engine holds and training continues from; absent = a new adapter. */
  from?: string
  /** How the data were made; absent = they are as their file was opened. */
  recipe?: RecipeOfData
  /** Rows of earlier data that were mixed into the data; absent = none. */
  replay?: ReplayOfData
}

/**
 * Training settings from outside. `overrides` are a method's own defaults, for example its learning rate. `fields` may have more settings
 * than the engine uses. @throws FormatError naming all that are not valid
 */
export function parseTraining(
  input: unknown,
  overrides: Partial<TrainingSettings> = {},
  fields: readonly Field[] = trainingFields,
): TrainingSettings {
  const settings = parseSettings(say`training settings`, fields, { ...overrides, ...(input as object | undefined) })
  return { ...settings, ...typedSettings(say`training settings`, trainingFields, settings) }
}

export function defaultTraining(overrides: Partial<TrainingSettings> = {}, fields: readonly Field[] = trainingFields): TrainingSettings {
  return { ...defaults(fields), ...defaults(trainingFields), ...overrides }
}

/** A run's configuration from outside, checked. `fieldsOf` looks a method up and throws if it is unknown. */
export function parseRunConfig(
  input: unknown,
  fieldsOf: (method: string) => readonly Field[],
  fields: readonly Field[] = trainingFields,
): RunConfig {
  if (typeof input !== 'object' || input === null)
    throw new FormatError(say`run: expected an object with method, methodSettings and training, got something else. Set the run up again.`)
  const { method, methodSettings, training, from, recipe, replay } = input as Record<string, unknown>
  if (typeof method !== 'string') throw new FormatError(say`run: expected the name of a method, got none. Choose a method.`)
  return {
    method,
    methodSettings: parseSettings(method, fieldsOf(method), methodSettings),
    training: parseTraining(training, {}, fields),
    ...(typeof from === 'string' && { from }),
    ...(recipe !== undefined && { recipe: recipeOfData(recipe) }),
    ...(replay !== undefined && { replay: replayOfData(replay) }),
  }
}
