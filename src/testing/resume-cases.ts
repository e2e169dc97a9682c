// The runs that must be resumed with the same bits: every method with every form of the optimizer's states, with and without dropout, and
// each setting that could make a resumed run differ.
import type { Field, Settings } from '../config/field'
import type { TrainingSettings } from '../config/run-config'
import type { Method } from '../peft/method'
import { methodNamed, methods } from '../peft/registry'

export interface ResumeCase {
  name: string
  method: Method
  settings: Settings
  training: Partial<TrainingSettings>
  /** On the model of the demo, which has a tokenizer. */
  demo?: boolean
}

const forms = [
  { form: '32-bit', training: {} },
  { form: '8-bit', training: { optimizer: 'adamw-8bit' } },
  { form: 'paged', training: { optimizerMemory: 'paged' } },
] as const

/** Tensors of 4096 values and more, where the method has any: smaller ones have no 8-bit states. */
const large = { r: 64, virtualTokens: 64, tokens: 64, encoderHidden: 64, reductionFactor: 1, layers: 2 }
/** Prompts start from the vocabulary, since the model has no tokenizer. */
const plain = { initText: '', init: 'vocabulary' }

function settingsOf({ fields }: Method, dropout: number): Settings {
  const keys = new Set(fields.map(({ key }: Field) => key))
  const wanted = { ...large, ...plain, dropout, encoderDropout: dropout }
  return Object.fromEntries(Object.entries(wanted).filter(([key]) => keys.has(key)))
}

const hasDropout = ({ fields }: Method) => fields.some(({ key }: Field) => /dropout/i.test(key))

/** The method at `index` with the form that is `round` places further, so that each round has every method and every form. */
function caseOf(method: Method, index: number, round: number, dropout: number): ResumeCase {
  const { form, training } = forms[(index + round) % forms.length]
  return { name: `${method.name}, ${form}, dropout ${dropout}`, method, settings: settingsOf(method, dropout), training }
}

function special(name: string, method: string, settings: Settings, training: Partial<TrainingSettings> = {}, demo = false): ResumeCase {
  const found = methodNamed(method)
  return { name, method: found, settings: { ...settingsOf(found, 0), ...settings }, training, demo }
}

/** The first round alone has every method, and every form of the states five times. */
export const resumeCases: readonly ResumeCase[] = [
  ...forms.flatMap((_, round) => methods.map((method, index) => caseOf(method, index, round, 0))),
  ...forms.flatMap((_, round) => methods.flatMap((method, index) => (hasDropout(method) ? caseOf(method, index, round, 0.1) : []))),
  special('accumulation', 'lora', { dropout: 0.1 }, { accumulate: 3 }),
  special('packing', 'lora', { dropout: 0.1 }, { packing: true, accumulate: 2 }),
  special('rows in order', 'lora', {}, { shuffle: false }),
  special('PiSSA', 'lora', { start: 'pissa', r: 8 }),
  special('PiSSA, paged 8-bit states', 'lora', { start: 'pissa', r: 32 }, { optimizer: 'adamw-8bit', optimizerMemory: 'paged' }, true),
  special('LoRA+', 'lora', { plusRatio: 16 }, { optimizer: 'adamw-8bit' }),
  special('DoRA with dropout and clipping', 'dora', { dropout: 0.1 }, { clip: 0.01, weightDecay: 0.1, decayAll: true }),
  special('layers that are computed again', 'full', {}, { checkpointing: true, optimizer: 'adamw-8bit', optimizerMemory: 'paged' }),
  special('a schedule without decay', 'ia3', {}, { schedule: 'constant', warmup: 0 }),
  special('new tokens', 'lora', { newTokens: '<hero>, <town>', r: 8 }, { optimizer: 'adamw-8bit' }, true),
  special('tables that grow', 'lora', { newTokens: '<hero>, <town>', targetModules: 'embed_tokens, lm_head', r: 8 }, {}, true),
]
