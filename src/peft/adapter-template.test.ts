// The chat template that a trainer saved beside an adapter.
import { describe, expect, it } from 'vitest'
import { sentence } from '../config/phrase'
import { MemorySource } from '../formats/memory-source'
import { createTokenizer } from '../tokenizer/create-tokenizer'
import { directRenderer } from '../tokenizer/template-renderer'
import { folderTemplates, templateNotice, withTemplate } from './adapter-template'
import type { LoadedModel } from './loaded-model'
import type { Adapter } from './method'

const vocabulary = { model: { type: 'WordLevel', vocab: { '<unk>': 0, '<s>': 1 }, unk_token: '<unk>' } }
const template = 'A{{ bos_token }}{{ messages[0].content }}'

/** A base with or without a chat template. */
function base(chatTemplate?: string): LoadedModel {
  const source = { kind: 'hf', tokenizerJson: vocabulary, tokenizerConfig: { bos_token: '<s>' }, chatTemplate } as const
  const renderer = chatTemplate === undefined ? undefined : directRenderer(chatTemplate)
  return { file: { tokenizer: source }, tokenizer: createTokenizer(source, 2), renderer } as unknown as LoadedModel
}

async function adapter(files: Record<string, string>): Promise<Adapter> {
  const named = (name: string) => (name in files ? new MemorySource(name, new TextEncoder().encode(files[name])) : undefined)
  const json = async ({ name }: { name: string }) => JSON.parse(files[name]!) as Record<string, unknown>
  return { templates: await folderTemplates(named, json) } as Adapter
}

async function asked(model: LoadedModel, its: Adapter): Promise<string | undefined> {
  const [result] = (await withTemplate(model, its).renderer?.render([{ messages: [{ role: 'user', content: 'x' }], want: 'prompt' }])) ?? []
  return result && ('text' in result ? result.text : sentence(result.problem))
}
const words = (model: LoadedModel, its: Adapter, training = false) => {
  const notice = templateNotice(model, its, training)
  return notice && sentence(notice)
}

describe("an adapter's own chat template", () => {
  it('is used if the base has none, with the special tokens of the base where its folder names none', async () => {
    const its = await adapter({ 'chat_template.jinja': template })
    expect(await asked(base(), its)).toBe('A<s>x')
    expect(words(base(), its)).toMatch(/^The base has no chat template\. The adapter is asked in that of its own folder/)
    expect(words(base(), its, true)).toMatch(/Training does not use it/)
  })
  it('is used in place of another one of the base, with its own special tokens', async () => {
    const its = await adapter({ 'tokenizer_config.json': JSON.stringify({ chat_template: template, bos_token: '<b>' }) })
    expect(await asked(base('B'), its)).toBe('A<b>x')
    expect(words(base('B'), its)).toMatch(/another chat template than the base\. It is asked in its own/)
    expect(words(base('B'), its, true)).toMatch(/Training uses the base's/)
  })
  it('changes nothing if it is the same, or if there is none', async () => {
    const model = base(template)
    for (const its of [await adapter({ 'chat_template.jinja': template }), await adapter({})]) {
      expect(withTemplate(model, its)).toBe(model)
      expect(words(model, its)).toBeUndefined()
    }
  })
})
