// Named chat templates: transformers renders `tool_use` for conversations with tools, and `default` for the others.
import { describe, expect, it } from 'vitest'
import { sentence } from '../config/phrase'
import { MemorySource } from '../formats/memory-source'
import type { TokenizerSource } from '../formats/model-file'
import { openModel } from '../formats/open-model'
import { smallFolder } from '../formats/testing/small-models'
import { modelTokenizer } from './create-tokenizer'
import { rendererOf } from './model-renderer'
import { templatesNote } from './model-templates'

const [plain, tools] = ['P {{ messages[0].content }}', 'T {{ messages[0].content }} {{ tools | length }}']
const model = { type: 'WordLevel', vocab: { '<unk>': 0 }, unk_token: '<unk>' }
const hf = (more: object): TokenizerSource => ({ kind: 'hf', tokenizerJson: { model }, tokenizerConfig: {}, ...more })
const named = (...names: string[]) => names.map((name) => ({ name, template: name === 'default' ? plain : tools }))

async function rendered(source: TokenizerSource): Promise<string[] | undefined> {
  const file = { tokenizer: source, special: {}, config: { vocab: 1 } }
  const messages = [{ role: 'user', content: 'x' }]
  const tokenizer = modelTokenizer({ ...file, tokenizer: hf({}) })!
  const jobs = [{ tools: [1, 2] }, {}, { tools: [] }].map((job) => ({ messages, want: 'prompt' as const, ...job }))
  const results = await rendererOf(file, tokenizer)?.render(jobs)
  return results?.map((result) => ('text' in result ? result.text : sentence(result.problem)))
}

describe('named chat templates', () => {
  const both = ['T x 2', 'P x', 'T x 0']
  const sources: [string, TokenizerSource][] = [
    ['tokenizer_config.json', hf({ tokenizerConfig: { chat_template: named('tool_use', 'default') } })],
    ['files of their own', hf({ chatTemplate: plain, moreTemplates: { tool_use: tools }, tokenizerConfig: { chat_template: 'other' } })],
    [
      'GGUF',
      {
        kind: 'gguf',
        metadata: {
          'tokenizer.chat_template': plain,
          'tokenizer.chat_template.tool_use': tools,
          'tokenizer.chat_templates': ['tool_use'],
        },
      },
    ],
  ]
  for (const [name, source] of sources)
    it(`in ${name}: rows with tools are rendered by tool_use`, async () => {
      expect(await rendered(source)).toEqual(both)
      expect(templatesNote(source)).toBeUndefined()
    })
  it('are read from the folder, and kept beside merged weights', async () => {
    const { config, weights } = smallFolder()
    const file = (name: string, text: string) => new MemorySource(`m/${name}`, new TextEncoder().encode(text))
    const opened = await openModel([
      new MemorySource('m/config.json', await config.read(0, config.sizeBytes)),
      new MemorySource('m/model.safetensors', weights),
      file('tokenizer.json', JSON.stringify({ model })),
      file('chat_template.jinja', plain),
      file('additional_chat_templates/tool_use.jinja', tools),
    ])
    expect(opened.tokenizer).toMatchObject({ chatTemplate: plain, moreTemplates: { tool_use: tools } })
    expect(opened.companions!.map(({ name }) => name)).toContain('m/additional_chat_templates/tool_use.jinja')
  })
  it('without a default are not used, and a note says so', async () => {
    const source = hf({ tokenizerConfig: { chat_template: named('tool_use', 'rag') } })
    expect(await rendered(source)).toBeUndefined()
    expect(sentence(templatesNote(source)!)).toBe(
      'the model has no chat template named “default”, so its templates are not used: tool_use, rag',
    )
  })
})
