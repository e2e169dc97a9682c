// The Modelfile, against Ollama's documented grammar (docs/modelfile.md), and its template, against the model's own. The parser and the
// small interpreter of Go templates below know only what the documentation shows, and fail at anything else.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, test } from 'vitest'
import { defaults, typedSettings } from '../config/field'
import { randomModel } from '../models/random-model'
import { ia3 } from '../peft/ia3'
import { planModel } from '../peft/loaded-model'
import { lora } from '../peft/lora'
import { loraSites, rankFields } from '../peft/lora-sites'
import type { ChatMessage } from '../tokenizer/chat-message'
import { renderChat } from '../tokenizer/chat-template'
import type { Tokenizer } from '../tokenizer/tokenizer'
import { goTemplate, turnTexts } from './go-template'
import { ollamaFiles } from './ollama'

const folder = join(import.meta.dirname, '../tokenizer/testing/templates')
const templates = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const)
const tokens = { bosToken: '<s>', eosToken: '</s>', addsBos: true }
const system = { role: 'system', content: 'Be brief.' }
const turns: ChatMessage[] = [
  { role: 'user', content: 'One?' },
  { role: 'assistant', content: 'Two\nthree.' },
  { role: 'user', content: 'Four {{ five }}' },
]

/** What Go's text/template makes of a template with `if`, `else if eq`, `else`, `range`, `end`, fields and quoted texts. */
function goRender(template: string, data: Record<string, unknown>): string {
  const parts = template.split(/(\{\{.*?\}\})/s)
  let at = 0
  function block(values: Record<string, unknown>, live: boolean): [string, string] {
    let out = ''
    while (at < parts.length) {
      const part = parts[at++]!
      const code = /^\{\{ ?(.*?) ?\}\}$/s.exec(part)?.[1]
      if (code === undefined) out += live ? part : ''
      else if (code === 'end' || code.startsWith('else')) return [out, code]
      else if (code.startsWith('"')) out += live ? (JSON.parse(code) as string) : ''
      else if (code.startsWith('range ')) {
        const list = values[code.slice(7)] as Record<string, unknown>[]
        const start = at
        for (const item of live ? list : []) {
          at = start
          out += block(item, true)[0]
        }
        if (!live || !list.length) block({}, false)
      } else if (code.startsWith('if ')) {
        let [test, done] = [code.slice(3), false]
        for (;;) {
          const holds = live && !done && holdsIn(test, values)
          done ||= holds
          const [text, next] = block(values, holds)
          out += text
          if (next === 'end') break
          test = next === 'else' ? 'true' : next.slice(8)
        }
      } else if (/^\.\w+$/.test(code)) out += live ? String(values[code.slice(1)]) : ''
      else throw new Error(`not a part of Ollama's documented templates: ${code}`)
    }
    return [out, 'end']
  }
  const holdsIn = (test: string, values: Record<string, unknown>) => {
    if (test === 'true') return true
    const [, field, wanted] = /^eq \.(\w+) "(\w+)"$/.exec(test) ?? []
    return field ? values[field] === wanted : Boolean(values[test.slice(1)])
  }
  return block(data, true)[0]
}

test('the interpreter renders what the documentation of Go shows', () => {
  const text =
    '{{ if .System }}S{{ .System }}{{ else }}none{{ end }}{{ range .Messages }}{{ if eq .Role "user" }}<{{ .Content }}>{{ end }}{{ end }}{{ "{{" }}'
  expect(goRender(text, { System: '', Messages: turns.map(({ role, content }) => ({ Role: role, Content: content })) })).toBe(
    'none<One?><Four {{ five }}>{{',
  )
})

const converted = new Map(templates.flatMap(([name, text]) => (turnTexts(text, tokens) ? [[name, text]] : [])))

it('knows the templates of most models', () => {
  expect(templates.map(([name]) => name).filter((name) => !converted.has(name))).toEqual([])
})

test.each([...converted])('%s becomes a Go template that renders the same', (_name, jinja) => {
  const texts = turnTexts(jinja, tokens)!
  for (const messages of [turns.slice(0, 1), turns, ...(texts.system ? [[system, ...turns]] : [])]) {
    const want = renderChat(jinja, messages, { ...tokens, addGenerationPrompt: true }).replace(/^<s>/, '')
    const Messages = messages.map(({ role, content }) => ({ Role: role, Content: content }))
    expect(goRender(goTemplate(texts), { System: messages[0]!.role === 'system' ? system.content : '', Messages })).toBe(want)
  }
})

test('a BOS token stays if the tokenizer does not add one', () => {
  const texts = turnTexts('{{ bos_token }}{% for m in messages %}[{{ m.content }}]{% endfor %}', { ...tokens, addsBos: false })
  expect(texts?.without).toBe('<s>')
})

test('a template that does more than put texts around turns is not guessed', () => {
  expect(turnTexts('{% for m in messages %}{{ m.role }}: {{ m.content | upper }}\n{% endfor %}', tokens)).toBeUndefined()
  expect(turnTexts('{% for m in messages[-1:] %}{{ m.content }}{% endfor %}', tokens)).toBeUndefined()
  expect(turnTexts("{{ raise_exception('no') }}", tokens)).toBeUndefined()
})

/** The instructions of a Modelfile. @throws Error for a line that is none */
function parsed(text: string): [string, string][] {
  const found: [string, string][] = []
  const rest = text.replaceAll(
    /^(FROM|ADAPTER|TEMPLATE|SYSTEM|PARAMETER|LICENSE|MESSAGE) +(?:"""([\s\S]*?)"""|([^\n]*))$/gm,
    (_, name, long, short) => {
      found.push([name, long ?? short])
      return ''
    },
  )
  const odd = rest.split('\n').find((line) => line.trim() !== '' && !line.startsWith('#'))
  if (odd !== undefined) throw new Error(`not an instruction: ${odd}`)
  return found
}

const shape = { family: 'llama', layers: 2, hidden: 64, intermediate: 96, heads: 2, vocab: 64, context: 64 }
const model = planModel(randomModel('random', shape), 'f32', 2 ** 27)
const settings = typedSettings('lora', rankFields, { ...defaults(lora.fields), r: 2 })
const tensors = new Map(
  loraSites(model.base, settings).flatMap((s) => [
    [s.a, { shape: [s.rank, s.in], values: new Float32Array(s.rank * s.in) }] as const,
    [s.b, { shape: [s.out, s.rank], values: new Float32Array(s.out * s.rank) }] as const,
  ]),
)

test.each([
  [undefined, '{{ .Prompt }}'],
  [{ form: 'pair', promptTemplate: 'Q: {prompt}\nA: {completion}', ends: [] }, 'Q: {{ .Prompt }}\nA: '],
  [{ form: 'pair', promptTemplate: '{prompt}\n{completion}', taskDescription: 'Sum.', ends: [] }, 'Sum.\n{{ .Prompt }}\n'],
  [{ form: 'chat', systemWords: 'Be brief.', ends: [] }, 'System: Be brief.\nUser: {{ .Prompt }}\nAssistant:'],
  [{ form: 'text', ends: [] }, '{{ .Prompt }}'],
] as const)('asked as %j: every line is an instruction or a comment', (asking, template) => {
  const adapter = { method: lora, settings: { ...defaults(lora.fields), r: 2 }, tensors, asking }
  const files = ollamaFiles(adapter, model)
  expect(files.map(({ path }) => path)).toEqual(['Modelfile', 'adapter.gguf'])
  const instructions = parsed(new TextDecoder().decode(files[0]!.bytes))
  expect(instructions.slice(0, 3)).toEqual([
    ['FROM', './random-f16.gguf'],
    ['ADAPTER', './adapter.gguf'],
    ['TEMPLATE', template],
  ])
  expect(instructions.slice(3)).toEqual([
    ['PARAMETER', 'num_ctx 64'],
    ['PARAMETER', 'temperature 0'],
  ])
})

test('a chat model gets its template, its system words and its stop words', () => {
  const jinja =
    converted.get('chatml.jinja') ??
    '{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}'
  const tokenizer = { kind: 'hf', tokenizerJson: {}, tokenizerConfig: { chat_template: jinja } } as const
  const named: Partial<Tokenizer> = { prefix: [], eos: [2], ends: [2], token: (id: number) => ['<s>', '</s>', '<|im_end|>'][id]! }
  const chat = { ...model, file: { ...model.file, tokenizer }, tokenizer: named as Tokenizer }
  const asking = { form: 'template', systemWords: 'Be brief.', taskDescription: 'Sum.', ends: [2, 1] } as const
  const [file] = ollamaFiles({ method: lora, settings: { ...settings }, tensors, asking }, chat)
  const instructions = parsed(new TextDecoder().decode(file!.bytes))
  expect(instructions).toContainEqual(['SYSTEM', 'Be brief.'])
  expect(instructions.filter(([name]) => name === 'PARAMETER').map(([, value]) => value)).toEqual([
    'stop "<|im_end|>"',
    'stop "</s>"',
    'num_ctx 64',
    'temperature 0',
  ])
  expect(instructions.find(([name]) => name === 'TEMPLATE')![1]).toContain('<|im_start|>user\nSum.\n{{ .Content }}<|im_end|>\n')
})

test('adapters that llama.cpp cannot compute are refused by name', () => {
  const adapter = { method: ia3, settings: defaults(ia3.fields), tensors: new Map() }
  expect(() => ollamaFiles(adapter, model)).toThrow(/^Ollama: expected a LoRA adapter .* got IA3. Merge it into a GGUF file/)
})
