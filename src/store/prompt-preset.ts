// Choosing a prompt preset: its template becomes an option of the data, and its tokens become new tokens of the methods that can add some.
import { presetNamed, presetOfTemplate, withPresetTokens } from '../config/prompt-presets'
import type { DataSlice } from './data-store'
import type { ReadEnd } from './data-state'
import type { SetupSlice } from './setup-store'

export function createPromptPreset({ data, setup }: { data: DataSlice; setup: SetupSlice }) {
  return (value: unknown): Promise<ReadEnd> => {
    const before = presetOfTemplate(data.store.getState().options.promptTemplate)
    const preset = presetNamed(value)
    const { methods, drafts } = setup.store.getState()
    for (const { name, fields } of methods)
      if (fields.some(({ key }) => key === 'newTokens'))
        setup.setDraft(name, 'newTokens', withPresetTokens(String(drafts[name]?.newTokens ?? ''), preset, before))
    return data.setOptions({ promptTemplate: preset?.promptTemplate ?? '', ...(preset && { separator: '' }) })
  }
}
