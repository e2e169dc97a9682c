// Right texts: what transformers 5.18's apply_chat_template makes of the same templates and turns.
import { describe, expect, it } from 'vitest'
import type { ChatMessage } from './chat-message'
import { renderChat } from './chat-template'
import { renderTurns } from './turn-spans'

const talk: ChatMessage[] = [
  { role: 'system', content: 'Be short.' },
  { role: 'user', content: 'Colour?' },
  { role: 'assistant', content: 'Green.', name: 'a' },
  { role: 'user', content: 'Size?' },
  { role: 'assistant', content: 'Tall.' },
]
const rendered = (template: string): string => renderChat(template, talk)

describe('loops of a chat template', () => {
  it('keep what they wrote before continue and break', () => {
    expect(
      rendered(
        `{% for m in messages %}<{{ m.role }}>{% if m.role == 'system' %}{{ m.content }}!{% continue %}{% endif %}{{ m.content }}|{% endfor %}`,
      ),
    ).toBe('<system>Be short.!<user>Colour?|<assistant>Green.|<user>Size?|<assistant>Tall.|')
    expect(rendered(`{% for m in messages %}{{ m.content }}{% if loop.index == 2 %}.{% break %}{% endif %},{% endfor %};`)).toBe(
      'Be short.,Colour?.;',
    )
  })
  it('mark the turns that end with continue', () => {
    const template = `{% for m in messages %}<{{ m.role }}>{% if m.role == 'assistant' %}{{ m.content }}</s>{% continue %}{% endif %}{{ m.content }}|{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}`
    const { text, spans } = renderTurns(template, talk, [2, 4])
    expect(spans.map((span) => span && text.slice(span.start, span.end))).toEqual(['Green.</s>', 'Tall.</s>'])
  })
  it('forget what was set in the previous round', () => {
    expect(
      rendered(`{% for m in messages %}{% if m.name %}{% set n = m.name %}{% endif %}{{ n if n is defined else '-' }}{% endfor %}`),
    ).toBe('--a--')
    expect(
      rendered(`{% set n = 'x' %}{% for m in messages %}{% if m.name %}{% set n = m.name %}{% endif %}{{ n }}{% endfor %}{{ n }}`),
    ).toBe('xxaxxx')
  })
  it('iterate over text, keys, pairs and nothing', () => {
    expect(rendered(`{% for c in messages[3].content %}{{ c }}{{ ',' if not loop.last }}{% endfor %}`)).toBe('S,i,z,e,?')
    expect(
      rendered(`{% for key in messages[2] %}{{ key }};{% endfor %}{% for k, v in messages[1].items() %}{{ k }}={{ v }};{% endfor %}`),
    ).toBe('role;content;name;role=user;content=Colour?;')
    expect(rendered(`{% for part in messages[0].parts %}x{% else %}none{% endfor %}`)).toBe('none')
    expect(
      rendered(`{% for m in messages if m.role == 'user' %}{{ loop.index }}/{{ loop.length }}{{ loop.previtem.content }};{% endfor %}`),
    ).toBe('1/2;2/2Colour?;')
  })
})

describe('values of a chat template', () => {
  it('are equal if they are in Python', () => {
    const pairs = ["messages[0].name == none", "'' == false", "'1' == 1", '1 == 1.0', '1 == true', '[1, [2]] == [1, [2]]', '[] != []', 'messages[1] == messages[3]', 'messages[1] == messages[1]'] // prettier-ignore
    expect(pairs.map((pair) => rendered(`{{ ${pair} }}`))).toEqual([
      'False',
      'False',
      'False',
      'True',
      'True',
      'True',
      'False',
      'False',
      'True',
    ])
  })
  it('are printed as Python prints them', () => {
    expect(rendered(`{{ none }}|{{ true }}|{{ messages[0].name }}|{{ messages[0].get('name') }}|{{ [none, 1.0] }}`)).toBe(
      'None|True||None|[None, 1.0]',
    )
    expect(rendered(`{% macro show(x) %}{{ x }};{% endmacro %}{{ show(none) }}{% set y %}{{ false }}{% endset %}{{ y }}`)).toBe(
      'None;False',
    )
  })
  it('are empty text for filters if they are undefined', () => {
    expect(rendered(`{{ mode | upper }}|{{ mode | length }}|{{ mode | join(',') }}|{{ mode | default('x') }}`)).toBe('|0||x')
  })
  it('pass a chain of filters once each', () => {
    expect(rendered(`{{ 'Colour'${' | upper | lower'.repeat(30)} }}`)).toBe('colour')
  })
  it('lose their other capitals when they are capitalised', () => {
    expect(rendered(`{{ 'sYSTEM' | capitalize }}{{ 'uSER'.capitalize() }}`)).toBe('SystemUser')
  })
  it('have the methods and filters of Python’s text and lists', () => {
    const right: [string, string][] = [
      ["['x', none, 1.0, true] | join(', ')", 'x, None, 1.0, True'],
      ["', '.join(['a', 'b'])", 'a, b'],
      ['messages[3].content.strip(messages[3].content[-1]) ~ messages[3].content | trim(messages[3].content[0])', 'Sizeize?'],
      ["'colour ünï-x' | title", 'Colour Ünï-X'],
      ["'colour ünï-x'.title()", 'Colour Ünï-X'],
      ["'😀a' | length", '2'],
      ['messages[1] | length ~ [1, 2] | count', '22'],
      ["'abc' | first ~ 'abc' | last", 'ac'],
      ["'abc' | list", "['a', 'b', 'c']"],
      ["mode | default ~ mode | d('x') ~ '' | default('y', true) ~ none | default('z')", 'xyNone'],
      ["'😀abcb'.find('b') ~ 'a'.find('b') ~ 'abcb'.count('b')", '2-12'],
      ["'<b>a</b>'.removeprefix('<b>').removesuffix('</b>')", 'a'],
      ["'12'.isdigit() ~ '1a'.isdigit()", 'TrueFalse'],
    ]
    for (const [expression, text] of right) expect(rendered(`{{ ${expression} }}`), expression).toBe(text)
  })
  it('may be objects that a loop iterates over', () => {
    expect(rendered(`{{ messages[0] is iterable }}{{ messages[0] is not iterable }}{{ 'x' is iterable }}`)).toBe('TrueFalseTrue')
  })
})

describe('a chat template with generation blocks', () => {
  it('strips white space up to them and not through them', () => {
    const template = `{%- for m in messages -%}\n{%- if m.role == 'assistant' -%}\n<a>\n{% generation %}\n{{ m.content }}</s>\n{% endgeneration %}\n{%- else -%}\n<u>{{ m.content }}{%- generation -%} \n! {%- endgeneration -%}\n\n{% endif %}\n{%- endfor -%}\n`
    expect(rendered(template)).toBe('<u>Be short.!<u>Colour?!<a>\nGreen.</s>\n<u>Size?!<a>\nTall.</s>\n')
  })
})

describe('a chat template with line breaks of Windows', () => {
  it('is read as one with line feeds', () => {
    expect(
      rendered('{% for m in messages %}\r\n    {% if m.role == "user" %}\r\n{{ m.content }}\r\n    {% endif %}\r\n{% endfor %}\r\n'),
    ).toBe('Colour?\nSize?\n')
  })
})
