// How the tokens of an answer are chosen. The command line and the endpoint read all of these fields, the workbench's rewrites the first and top-p.
import { type Field, type SettingsOf, defaults } from './field'

export const temperatureField = {
  key: 'temperature',
  type: 'number',
  label: 'Temperature',
  help: '0 always picks the most likely token. More gives words that vary more.',
  default: 0,
  min: 0,
  max: 5,
  step: 0.1,
} as const satisfies Field

export const topPField = {
  key: 'topP',
  type: 'number',
  label: 'Top-p',
  help: 'Draws from the most likely tokens that together have this probability. 1 = all.',
  default: 1,
  min: 0,
  max: 1,
  step: 0.05,
} as const satisfies Field

export const samplingFields = [
  temperatureField,
  {
    key: 'topK',
    type: 'number',
    label: 'Top-k',
    help: 'Draws from this many of the most likely tokens. 0 = all.',
    default: 0,
    min: 0,
    max: 1000,
    integer: true,
  },
  topPField,
  {
    key: 'minP',
    type: 'number',
    label: 'Min-p',
    help: 'Leaves out tokens with less than this share of the most likely token’s probability. 0 = none.',
    default: 0,
    min: 0,
    max: 1,
    step: 0.05,
  },
  {
    key: 'repetitionPenalty',
    type: 'number',
    label: 'Repetition penalty',
    help: 'Above 1, tokens that the prompt or the answer already has become less likely, also at temperature 0. 1 = no change.',
    default: 1,
    min: 0.1,
    max: 10,
    step: 0.05,
  },
] as const satisfies readonly Field[]

/** What chooses the tokens, beside the seed. */
export type Sampling = SettingsOf<typeof samplingFields>

/** The most likely token, always. */
const usualSampling: Sampling = defaults(samplingFields)

/** All settings: those that are given, and the usual ones for the rest. */
export const samplingWith = (given: Partial<Sampling>): Sampling => ({
  temperature: given.temperature ?? usualSampling.temperature,
  topK: given.topK ?? usualSampling.topK,
  topP: given.topP ?? usualSampling.topP,
  minP: given.minP ?? usualSampling.minP,
  repetitionPenalty: given.repetitionPenalty ?? usualSampling.repetitionPenalty,
})

/** The first setting that would silently do nothing, because tokens are only drawn if a temperature is given; undefined if there is none. */
export const undrawn = (given: Partial<Sampling>): 'topK' | 'topP' | 'minP' | undefined =>
  given.temperature === undefined
    ? (['topK', 'topP', 'minP'] as const).find((key) => given[key] !== undefined && given[key] !== usualSampling[key])
    : undefined
