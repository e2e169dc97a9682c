import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { DataOptions } from '../config/data-options'
import { createTokenizer } from '../tokenizer/create-tokenizer'
import { directRenderer } from '../tokenizer/template-renderer'
import { cutAt } from './cut-at-length'
import { byteTokenizer, dataOptions, memorySource, shown, trainedText, english, problemsOf } from './testing/rows'
import { tokenizeDataset } from './tokenize-dataset'

const bytes = byteTokenizer(false)
const chatml = `{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}`
const calling = `{% for m in messages %}<|im_start|>{{ m.role }}|{% for c in m.tool_calls or [] %}{% set c = c.function or c %}<call>{{ c.name }}{{ c.arguments|tojson }}</call>{% endfor %}{{ m.content }}<|im_end|>{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant|{% endif %}`

type Turn = Record<string, unknown>
const made = (rows: readonly unknown[], template?: string, options: Partial<DataOptions> = {}) =>
  tokenizeDataset(memorySource(rows), bytes, template === undefined ? undefined : directRenderer(template), dataOptions(options))
const talk = (...messages: Turn[]) => [{ messages }]
const user = (content: string, more: Turn = {}): Turn => ({ role: 'user', content, ...more })
const assistant = (content: string | null, more: Turn = {}): Turn => ({ role: 'assistant', content, ...more })
const all = { trainOn: 'all-assistant' } as const

describe('null and empty lists', () => {
  it.each([[{ tool_calls: null, name: null }], [{ tool_calls: [] }], [{ tool_calls: '[]' }], [{ tool_calls: [null] }]])(
    '%j mean absent',
    async (more) => {
      const rows = talk(user('Q', more), assistant('A', more))
      expect(shown(await made(rows))).toBe('User: Q\nAssistant:⟦ A</s>⟧')
      expect(shown(await made(rows, calling))).toBe('<|im_start|>user|Q<|im_end|><|im_start|>assistant|⟦A<|im_end|>⟧')
    },
  )
  it('are values inside the arguments of a call, and absent around them', async () => {
    const call = { id: null, function: { name: 'f', arguments: { a: null, b: [], c: { d: null } }, strict: null } }
    const dataset = await made(talk(user('Q'), assistant(null, { tool_calls: [call] })), calling)
    expect(shown(dataset)).toContain('⟦<call>f{"a": null, "b": [], "c": {"d": null}}</call><|im_end|>⟧')
    expect(shown(await made(talk(user('Q'), assistant('', { tool_calls: [call] }))))).toContain(
      '⟦ [{"function":{"name":"f","arguments":{"a":null,"b":[],"c":{"d":null}}}}]</s>⟧',
    )
  })
  it('are absent in tools', async () => {
    const knows = `{{ tools|tojson }}${chatml}`
    const rows = (tools: unknown) => [
      { messages: [user('Q'), assistant('A')], tools },
      { messages: [user('Q'), assistant('A')], tools: [{ a: 1 }] },
    ]
    expect(shown(await made(rows([]), knows))).toMatch(/^null</)
    expect(shown(await made(rows([{ name: 'f', extra: null }]), knows))).toMatch(/^\[\{"name": "f"\}\]</)
  })
})

describe('keys of a turn', () => {
  const thinks = `{% for m in messages %}<|{{ m.role }}|>{% if m.thinking %}({{ m.thinking }}){% endif %}{% if m.name %}{{ m.name }}: {% endif %}{{ m.content }}<|im_end|>{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}`
  it('reach the template, whatever their names are', async () => {
    const rows = talk(user('Q', { name: 'Ann' }), assistant('A', { thinking: 'hm', extra: 1 }))
    const dataset = await made(rows, thinks)
    expect(shown(dataset)).toBe('<|user|>Ann: Q<|im_end|><|assistant|>⟦(hm)A<|im_end|>⟧')
    expect(english(dataset.notes)).toEqual(['Keys of turns that the chat template does not read: extra (1 assistant turn).'])
  })
  it('keep the order of the file', async () => {
    const whole = `{% for m in messages %}{{ m|tojson }}<|im_end|>{% endfor %}{% if add_generation_prompt %}{% endif %}`
    const rows = `{"messages": [{"content": "Q", "x": 5.0, "role": "user"}, {"from": "gpt", "thinking": "hm", "value": "A", "weight": 1.0}]}`
    const dataset = await tokenizeDataset(memorySource(rows), bytes, directRenderer(whole), dataOptions())
    expect(shown(dataset)).toBe(
      '{"content": "Q", "x": 5.0, "role": "user"}<|im_end|>⟦{"role": "assistant", "thinking": "hm", "content": "A"}<|im_end|>⟧',
    )
  })
  it('and tools of a row are mentioned if the template does not read them', async () => {
    const rows = [{ messages: [user('Q'), assistant('A')], tools: [{ name: 'f' }] }]
    expect(english((await made(rows, chatml)).notes)).toEqual(['1 row has tools, which the chat template does not read.'])
    expect(english((await made(rows, `{{ tools|tojson }}${chatml}`)).notes)).toEqual([])
  })
  it('that nothing reads are counted, also without a template', async () => {
    const rows = [
      ...talk(user('Q', { name: 'Ann' }), assistant('A', { reasoning_content: 'hm' })),
      ...talk(user('Q', { name: 'Bo', name2: null }), assistant('A')),
    ]
    expect(english((await made(rows)).notes)).toEqual([
      'Keys of turns that are not read without a chat template: name (2 user turns), reasoning_content (1 assistant turn).',
    ])
  })
  it('hold calls in other forms', async () => {
    const old = talk(user('Q'), assistant(null, { function_call: { name: 'f', arguments: '{"x": 1}' } }))
    expect(shown(await made(old, calling))).toContain('⟦<call>f{"x": 1}</call><|im_end|>⟧')
    const text = talk(user('Q'), assistant(null, { tool_calls: '[{"name": "f", "arguments": {"x": null}}]' }))
    expect(shown(await made(text, calling))).toContain('⟦<call>f{"x": null}</call><|im_end|>⟧')
  })
})

describe('arguments of calls', () => {
  const call = (args: unknown, flat = false) => {
    const called = { name: 'f', arguments: args }
    return talk(user('Q'), assistant(null, { tool_calls: [flat ? called : { type: 'function', function: called }] }))
  }
  it.each([
    ['{"city": "Bonn", "n": 1}', '{"city": "Bonn", "n": 1}'],
    ['{}', '{}'],
    ['Bonn', '"Bonn"'],
    ['[1]', '"[1]"'],
    ['{"broken', '"{\\"broken"'],
  ])('%s as text are %s', async (text, written) => {
    for (const flat of [false, true]) expect(shown(await made(call(text, flat), calling))).toContain(`⟦<call>f${written}</call><|im_end|>⟧`)
  })
  it('are read for one call that is not in a list, and for calls in text', async () => {
    const one = { name: 'f', arguments: { x: 1.5 } }
    for (const tool_calls of [one, JSON.stringify(one), [JSON.stringify(one)], [one]])
      expect(shown(await made(talk(user('Q'), assistant('', { tool_calls })), calling))).toContain('⟦<call>f{"x": 1.5}</call><|im_end|>⟧')
  })
  it('are refused if there is no call, and so are tools that are not functions', async () => {
    const rows = [
      ...talk(user('Q'), assistant('A', { tool_calls: 'call f' })),
      ...talk(user('Q'), assistant('A', { tool_calls: [{ name: 'f', arguments: {} }, 'g'] })),
      { messages: [user('Q'), assistant('A')], tools: 'search(query)' },
      { messages: [user('Q'), assistant('A')], tools: ['search'] },
      ...talk(user('Q'), assistant('A')),
    ]
    expect(problemsOf(await made(rows, calling))).toEqual([
      { line: 1, reason: 'turn 2, tool_calls: expected a list of calls, got a string' },
      { line: 2, reason: 'turn 2, tool_calls: expected a list of calls, got a list with a string' },
      { line: 3, reason: 'tools: expected a list of functions, got a string' },
      { line: 4, reason: 'tools: expected a list of functions, got a list with a string' },
    ])
  })
  it('are also read under their other names', async () => {
    const named = calling.replace('c.arguments', 'c.parameters')
    const rows = talk(user('Q'), assistant('', { tool_calls: [{ name: 'f', parameters: '{"city": "Bonn", "n": null}' }] }))
    expect(shown(await made(rows, named))).toContain('⟦<call>f{"city": "Bonn", "n": null}</call><|im_end|>⟧')
  })
  it('become text again if the template joins them to text', async () => {
    const joins = calling.replace('{{ c.arguments|tojson }}', "{{ '=' + c.arguments }}")
    expect(shown(await made(call('{"city":"Bonn"}'), joins))).toContain('⟦<call>f={"city":"Bonn"}</call><|im_end|>⟧')
    expect(shown(await made(call({ city: 'Bonn' }), joins))).toContain('⟦<call>f={"city": "Bonn"}</call><|im_end|>⟧')
  })
})

describe('what a template loses', () => {
  it('is mentioned if it is the text of a turn that is not trained on', async () => {
    const last = `{% for m in messages %}{% if m.role == 'system' %}{% set s = m.content %}{% elif m.role == 'user' %}[INST]{% if loop.last %}{{ messages[0].content }}\n{% endif %}{{ m.content }}[/INST]{% elif m.tool_calls %}{{ m.tool_calls | tojson }}</s>{% elif m.content %}{{ m.content }}</s>{% endif %}{% endfor %}`
    const rows = [
      ...talk({ role: 'system', content: 'Be short.' }, user('Q'), assistant('A')),
      ...talk(
        user('Q'),
        assistant('I look.', { tool_calls: [{ function: { name: 'f', arguments: { a: 1 } } }] }),
        user(' R '),
        assistant('B'),
      ),
    ]
    const dataset = await made(rows, last)
    expect(problemsOf(dataset)).toEqual([])
    expect(english(dataset.notes)).toEqual([
      'Keys of turns that the chat template does not read: content (1 system turn, 1 assistant turn).',
    ])
  })
  it('is not what a template rewrites', async () => {
    const loud = chatml.replace('m.content', "m.content.replace('e', '3').upper()")
    const dataset = await made(talk({ role: 'system', content: 'Be kind.' }, user('Question?'), assistant('Answer.')), loud)
    expect([shown(dataset).includes('B3 KIND.'), english(dataset.notes)]).toEqual([true, []])
  })
  it('is a problem of the row if it is a call, its name or its arguments', async () => {
    const rows = [
      ...talk(user('Q'), assistant('I call f', { tool_calls: [{ function: { name: 'f', arguments: { a: 1 } } }] })),
      ...talk(user('Q'), assistant('A')),
    ]
    expect(problemsOf(await made(rows, chatml))).toEqual([{ line: 1, reason: 'the chat template leaves out a call of f' }])
    expect((await made(rows, calling.replace('{{ c.arguments|tojson }}', ''))).problems).toHaveLength(1)
    expect(problemsOf(await made(rows, calling))).toEqual([])
    // A template that takes content for text may refuse none.
    const silentCall = assistant('', { tool_calls: [{ function: { name: 'f', arguments: { a: 1 } } }] })
    const words = chatml.replace('{{ m.content }}', "{{ '' + m.content }}")
    expect(problemsOf(await made([...talk(user('Q'), silentCall), ...talk(user('Q'), assistant('A'))], words))).toEqual([
      { line: 1, reason: 'the chat template leaves out a call of f' },
    ])
    // Without words, some templates want a content of none.
    const none = `{% for m in messages %}<|{{ m.role }}|>{% if m.content is none %}{{ m.tool_calls[0].function.name }}{{ m.tool_calls[0].function.arguments|tojson }}{% else %}{{ m.content }}{% endif %}<|im_end|>{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}`
    const silent = talk(user('Q'), assistant('', { tool_calls: [{ function: { name: 'f', arguments: { a: 1 } } }] }))
    expect(shown(await made(silent, none))).toContain('⟦f{"a": 1}<|im_end|>⟧')
  })
  it('is a problem if it is the whole answer', async () => {
    const forgets = chatml.replace('m.content', "m.content.split('</think>')[-1]")
    const rows = [
      ...talk(user('Q'), assistant('<think>all of it</think>')),
      ...talk(user('Q'), assistant('<think>hm</think>A')),
      ...talk(user('Q'), assistant('')),
    ]
    const dataset = await made(rows, forgets)
    expect(problemsOf(dataset)).toEqual([{ line: 1, reason: 'the chat template writes nothing for the answer "<think>all of it</think>"' }])
    expect([shown(dataset, 0), shown(dataset, 1)].map((text) => text.split('assistant\n')[1])).toEqual(['⟦A<|im_end|>⟧', '⟦<|im_end|>⟧'])
    const ignores = chatml.replace('{% for m in messages %}', "{% for m in messages if m.content != 'no' %}")
    expect(problemsOf(await made([...talk(user('Q'), assistant('no')), ...talk(user('Q'), assistant('A'))], ignores))).toEqual([
      { line: 1, reason: 'the chat template leaves out the answer "no"' },
    ])
  })
})

it('a turn whose place is unknown is not trained on, but counted', async () => {
  const drops = `{% set ns = namespace(all=[]) %}{% for m in messages %}{% set ns.all = ns.all + [[m.role, m.content if loop.last else m.content.split('/')[-1]]] %}{% endfor %}{% for role, words in ns.all %}<{{ role }}>{{ words }}<|im_end|>{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}`
  const dataset = await made(talk(user('a'), assistant('x/b'), user('b'), assistant('y/a')), drops, all)
  expect(shown(dataset)).toBe('<user>a<|im_end|><assistant>b<|im_end|><user>b<|im_end|><assistant>⟦y/a<|im_end|>⟧')
  expect(english(dataset.notes)).toEqual([
    '1 assistant turn is not trained because the chat template does not show where it begins and ends.',
  ])
  const hidden = `{% for m in messages %}{{ m.content|length }}{% endfor %}`
  await expect(made(talk(user('a'), assistant('b')), hidden)).rejects.toThrow(
    /the chat template leaves out|does not show where|writes nothing/,
  )
})

describe('marks on turns', () => {
  const marked = (first: Turn, second: Turn = {}) => talk(user('a'), assistant('one', first), user('b'), assistant('two', second))
  it.each([
    [{ weight: 0 }],
    [{ train: false }],
    [{ training: false }],
    [{ loss_mask: 0 }],
    [{ loss: false }],
    [{ masked: true }],
    [{ train_on_turn: 'false' }],
    [{ loss_scale: 0 }],
  ])('%j leave a turn untrained', async (mark) => {
    expect(shown(await made(marked(mark), chatml, all))).toBe(
      '<|im_start|>user\na<|im_end|>\n<|im_start|>assistant\none<|im_end|>\n<|im_start|>user\nb<|im_end|>\n<|im_start|>assistant\n⟦two<|im_end|>⟧',
    )
    expect(shown(await made(marked(mark), undefined, all))).toBe('User: a\nAssistant: one</s>\nUser: b\nAssistant:⟦ two</s>⟧')
    // The last answer that may be learnt is the row's answer.
    expect(shown(await made(marked({ weight: 1 }, mark), chatml))).toBe(
      '<|im_start|>user\na<|im_end|>\n<|im_start|>assistant\n⟦one<|im_end|>⟧',
    )
    const both = await made(marked({ weight: 1 }, mark), chatml, all)
    expect(shown(both)).toContain('⟦one<|im_end|>⟧')
    expect((await both.question(0))?.expected).toBe('one')
    expect(english((await made(marked(mark), chatml)).notes)).toEqual([])
  })
  it('apply even if everything is trained on', async () => {
    const everything = { trainOn: 'everything' } as const
    expect(shown(await made(marked({ weight: 0 }), chatml, everything))).toBe(
      '<⟦|im_start|>user\na<|im_end|>\n<|im_start|>assistant\n⟧one<|im_end|>⟦\n<|im_start|>user\nb<|im_end|>\n<|im_start|>assistant\ntwo<|im_end|>⟧'.replace(
        '<⟦|im_start|>',
        '<|im_start|>⟦',
      ),
    )
    expect(shown(await made(marked({ weight: 0 }), undefined, everything))).toBe(
      'U⟦ser: a\nAssistant:⟧ one</s>⟦\nUser: b\nAssistant: two</s>⟧',
    )
  })
  it('are read in any form of a number', async () => {
    const rows = `{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b", "weight": 0.0}, {"role": "assistant", "content": "c", "weight": 1.0}]}`
    expect(trainedText(await tokenizeDataset(memorySource(rows), bytes, directRenderer(chatml), dataOptions(all)))).toBe('c<|im_end|>')
  })
  it.each([
    { compute_loss: false },
    { is_training: 0 },
    { ignore_loss: true },
    { no_train: 1 },
    { loss_masks: [0, 1] },
    { sample_weight: 0.0 },
  ])('are refused by name where their name is not known: %j', async (mark) => {
    const [key] = Object.keys(mark)
    expect(problemsOf(await made([...marked(mark), ...marked({})], chatml))).toEqual([
      { line: 1, reason: `turn 2: expected "train": true or false to say whether it is trained, got "${key}"` },
    ])
    // A word by such a name is no mark, and on the user's turn there is nothing to train.
    const named = talk(user('a', mark), assistant('b', { loss: null, weight_class: 'heavy' }))
    expect(problemsOf(await made(named, chatml))).toEqual([])
  })
  it('are refused by name if they ask for something else', async () => {
    const rows = [
      ...marked({ weight: 0.5 }),
      ...marked({ weight: 1, train: false }),
      ...marked({ train_detail: [{ begin_offset: 0, end_offset: 1, train: false }] }),
      ...marked({ weight: 0 }, { weight: 0 }),
      ...marked({}),
    ]
    expect(problemsOf(await made(rows, chatml))).toEqual([
      { line: 1, reason: 'turn 2: expected "weight" to be 0 or 1, since a turn is trained or it is not, got 0.5' },
      { line: 2, reason: 'turn 2: expected its keys to agree on whether it is trained, got "weight": true and "train": false' },
      { line: 3, reason: 'turn 2: expected the whole turn to be trained or not ("train": true or false), got "train_detail"' },
      { line: 4, reason: 'every assistant turn is marked as not to be trained, so there is nothing to train on' },
    ])
    const asked = talk(user('a', { train: true }), assistant('A'))
    expect(english((await made(asked, chatml)).notes)).toEqual(['Keys of turns that the chat template does not read: train (1 user turn).'])
  })
})

describe('label', () => {
  it('false leaves a row of preference data without pairs out, with a note', async () => {
    const rows = [
      { prompt: 'Q', completion: 'good', label: true },
      { prompt: 'R', completion: 'bad', label: false },
      { prompt: 'S', completion: 'good', label: null },
    ]
    const dataset = await made(rows)
    expect([dataset.rows, problemsOf(dataset)]).toEqual([2, []])
    expect(english(dataset.notes)).toEqual(['1 row is left out because its label is false, which marks its answer as not wanted.'])
    const words = [
      { ...rows[0], label: 'True' },
      { ...rows[1], label: 'false' },
    ]
    expect((await made(words)).rows).toBe(1)
    const chat = [true, false, false].map((kto_tag) => ({ kto_tag, messages: [user('Q'), assistant('A')] }))
    expect(english((await made(chat, chatml)).notes)).toEqual([
      '2 rows are left out because their kto_tag is false, which marks their answers as not wanted.',
    ])
    await expect(made(rows.slice(1, 2))).rejects.toThrow(/expected at least one row to train on, got 1 row whose label is false/)
  })
})

it('white space after a token that takes it in is not a token, as in a text that is read at once', async () => {
  const characters = [...'abuserint\n<|>/ ']
  const marks = ['<|user|>', '<|assistant|>', '<|end|>']
  const json = {
    added_tokens: marks.map((content, i) => ({ id: characters.length + i, content, special: true, rstrip: true, normalized: false })),
    model: { type: 'BPE', vocab: Object.fromEntries(characters.map((c, i) => [c, i])), merges: [] },
  }
  const tokenizer = createTokenizer({ kind: 'hf', tokenizerJson: json, tokenizerConfig: {} }, 32)
  const phi = `{% for m in messages %}<|{{ m.role }}|>{{ '\\n' + m.content }}<|end|>{{ '\\n' }}{% endfor %}{% if add_generation_prompt %}<|assistant|>{{ '\\n' }}{% endif %}`
  const rows = talk(user('a b'), assistant('be'), user('a'), assistant(' is'))
  const dataset = await tokenizeDataset(memorySource(rows), tokenizer, directRenderer(phi), dataOptions(all))
  const whole = '<|user|>\na b<|end|>\n<|assistant|>\nbe<|end|>\n<|user|>\na<|end|>\n<|assistant|>\n is<|end|>'
  expect([...dataset.example(0).ids]).toEqual(tokenizer.encode(whole, { parseSpecial: true }))
  expect(shown(dataset)).toBe('<|user|>a b<|end|><|assistant|>⟦be<|end|>⟧<|user|>a<|end|><|assistant|>⟦is<|end|>⟧')
})

const cases = '../shared/cases'
if (!existsSync(cases)) console.log('skipped: the cases of ../shared, which is absent')
describe.skipIf(!existsSync(cases))('cases', () => {
  const text = (path: string): string => readFileSync(`${cases}/${path}`, 'utf8')
  it.each([
    ['null-tool-calls', undefined, 'rows.jsonl', 8],
    ['null-tool-calls', undefined, 'empty-list.jsonl', 8],
    ['null-tool-calls', 'with-template.jinja', 'with-template.jsonl', 7],
    ['reasoning-content-dropped', 'template.jinja', 'rows.jsonl', 20],
    ['tool-arguments-as-text', 'tojson.jinja', 'tojson.jsonl', 41],
    ['tool-arguments-as-text', 'items.jinja', 'items.jsonl', 37],
    ['turn-weight-ignored', 'template.jinja', 'rows.jsonl', 6],
    ['user-words-trained', 'template.jinja', 'rows.jsonl', 13],
  ])('%s, %s: %s has %i trained tokens', async (name, template, rows, count) => {
    const json = (file: string) => JSON.parse(text(`_model/tiny/${file}`)) as Record<string, unknown>
    const source = { kind: 'hf' as const, tokenizerJson: json('tokenizer.json'), tokenizerConfig: json('tokenizer_config.json') }
    const tokenizer = createTokenizer(source, json('config.json').vocab_size as number)
    const renderer = template ? directRenderer(text(`${name}/${template}`), { eosToken: tokenizer.token(tokenizer.eos[0]) }) : undefined
    const trainOn = name.startsWith('null') || name.startsWith('reasoning') ? 'completion' : 'all-assistant'
    const dataset = await tokenizeDataset(memorySource(text(`${name}/${rows}`)), tokenizer, renderer, dataOptions({ trainOn }))
    expect(problemsOf(dataset)).toEqual([])
    expect(cutAt(dataset, 512).trainedTokens).toBe(count)
  })
})

describe('the role developer', () => {
  const rows = talk({ role: 'developer', content: 'D' }, user('Q'), assistant('A'))
  const knowing = chatml.replace('{% for', "{% if messages[0].role == 'developer' %}!{% endif %}{% for")
  it('reaches a template that knows it', async () => {
    const dataset = await made(rows, knowing)
    expect(shown(dataset)).toMatch(/^!<\|im_start\|>developer\nD/)
    expect(english(dataset.notes)).toEqual([])
  })
  it('is system for others, and a note says so', async () => {
    const dataset = await made(rows, chatml)
    expect(shown(dataset)).toMatch(/^<\|im_start\|>system\nD/)
    expect(english(dataset.notes)).toEqual([
      'Turns of the role developer that are read as system, because the chat template does not know that role: 1.',
    ])
    expect(english((await made(rows)).notes)).toEqual([
      'Turns of the role developer that are read as system, because there is no chat template: 1.',
    ])
  })
})
