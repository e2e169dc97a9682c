// Prompt templates that are known by name, with the tokens that they need.
import type { Field } from './field'

interface PromptPreset {
  value: string
  label: string
  promptTemplate: string
  /** Tokens to add to the vocabulary. The last one ends the answers. */
  tokens: readonly string[]
}

const questionAnswer: PromptPreset = {
  value: 'question-answer',
  label: 'Question, answer',
  promptTemplate: '<START_Q>{prompt}<END_Q><START_A>{completion}<END_A>',
  tokens: ['<START_Q>', '<END_Q>', '<START_A>', '<END_A>'],
}

const presets: readonly PromptPreset[] = [questionAnswer]

export const presetField = {
  key: 'preset',
  type: 'choice',
  label: 'Preset',
  help: `${questionAnswer.label} (${questionAnswer.value}): the prompt template ${questionAnswer.promptTemplate}. Its four marks become new tokens if the method can add tokens.`,
  default: 'none',
  options: [{ value: 'none', label: 'None' }, ...presets],
} as const satisfies Field

export const presetNamed = (value: unknown): PromptPreset | undefined => presets.find((preset) => preset.value === value)

/** The preset with this template. */
export const presetOfTemplate = (template: string | undefined): PromptPreset | undefined =>
  presets.find(({ promptTemplate }) => promptTemplate === template)

/** A list of new tokens, with those of `preset` instead of those of the preset before. */
export function withPresetTokens(list: string, preset: PromptPreset | undefined, before: PromptPreset | undefined): string {
  const typed = list.split(',').map((token) => token.trim())
  const own = typed.filter((token) => token && !before?.tokens.includes(token) && !preset?.tokens.includes(token))
  return [...own, ...(preset?.tokens ?? [])].join(', ')
}
