import { describe, expect, it } from 'vitest'
import type { ChatMessage } from './chat-message'
import { renderTurns } from './turn-spans'

const user = (content: string): ChatMessage => ({ role: 'user', content })
const assistant = (content: string, more: Record<string, unknown> = {}): ChatMessage => ({ role: 'assistant', content, ...more })
const spans = (template: string, messages: ChatMessage[]) => {
  const wanted = messages.flatMap((m, i) => (m.role === 'assistant' ? [i] : []))
  const { text, spans: found } = renderTurns(template, messages, wanted, { eosToken: '</s>' })
  return found.map((span) => span && text.slice(span.start, span.end))
}
const body = `{{ '<' + m.role + '>' + m.content + '<end>\n' }}`
const ask = `{% if add_generation_prompt %}<assistant>{% endif %}`
const talk = [user('a'), assistant('b'), user('b'), assistant('a')]
/** New turns, so that nothing shows which is which. */
const copied = (content: string) =>
  `{% set ns = namespace(all=[]) %}{% for m in messages %}{% set ns.all = ns.all + [{'role': m.role, 'content': ${content}}] %}{% endfor %}{% for m in ns.all %}${body}{% endfor %}${ask}`

describe('the place of a turn', () => {
  it('is found by loops over turns, slices of them, indices and macros', () => {
    const templates = [
      `{% for m in messages %}${body}{% endfor %}${ask}`,
      `{% set some = messages[:] %}{% for m in some if m.role != 'system' %}${body}{% endfor %}${ask}`,
      `{% for i in range(messages|length) %}{% set m = messages[i] %}${body}{% endfor %}${ask}`,
      `{% macro turn(m) %}${body}{% endmacro %}{% for x in messages %}{{ turn(x) }}{% endfor %}${ask}`,
      `{% set all %}{% for m in messages %}${body}{% endfor %}{% endset %}{{ all | trim }}{{ '\n' }}${ask}`,
      // Other loops over the turns, which write nothing, or look at the turn again.
      `{% for m in messages %} {% endfor %}{% for m in messages %}{% for n in messages %}{% if n.content == 'zz' %}{{ n.content }}{% endif %}{% endfor %}{% for n in [m] %}${body.replaceAll('m.', 'n.')}{% endfor %}{% endfor %}${ask}`,
    ]
    for (const template of templates) expect(spans(template, talk), template).toEqual(['b<end>', 'a<end>'])
  })
  it('is found by the text before it if loops do not show it', () => {
    expect(spans(copied('m.content'), talk)).toEqual(['b<end>', 'a<end>'])
    // A template that counts what it has written sees the marks, so they are not believed.
    const counts = `{% set all %}{% for m in messages %}${body}{% endfor %}{% endset %}{{ all }}{% if all | length > 75 %}!{% endif %}${ask}`
    expect(spans(counts, talk)).toEqual(['b<end>', 'a<end>'])
  })
  it('stays unknown if the text before it disagrees', () => {
    const drops = copied(`m.content.split('/')[-1] if not loop.last else m.content`)
    expect(spans(drops, [user('a'), assistant('x/b'), user('b'), assistant('y/a')])).toEqual([undefined, 'y/a<end>'])
  })
  it('ends before turns that are written inside it', () => {
    const inside = `{% for m in messages %}{% if m.role != 'tool' %}<{{ m.role }}>{{ m.content }}<end>{% for t in messages if t.role == 'tool' and m.role == 'assistant' and loop.first %}({{ t.content }}){% endfor %}{% endif %}{% endfor %}${ask}`
    const messages = [user('a'), assistant('b'), { role: 'tool', content: 'b' }]
    expect(spans(inside, messages)).toEqual(['b<end>'])
  })
  it('begins after what asking writes, or after the header if asking begins a thought that the turn lacks', () => {
    const thinks = `{% for m in messages %}<{{ m.role }}>{{ m.content }}<end>{% endfor %}{% if add_generation_prompt %}<assistant><think>\n{% endif %}`
    expect(
      spans(thinks, [user('a'), assistant('<think>\nhm</think>b'), user('c'), assistant('<thanks>'), user('d'), assistant('')]),
    ).toEqual(['hm</think>b<end>', '<thanks><end>', '<end>'])
    // An answer that comes first, where the template refuses to be asked without a turn.
    const needs = `{% if not messages %}{{ raise_exception('no turns') }}{% endif %}{% for m in messages %}${body}{% endfor %}${ask}`
    expect(spans(needs, [assistant('b'), user('a'), assistant('c')])).toEqual(['b<end>', 'c<end>'])
  })
  it('begins after its header if turns are indented differently from the text that asks for one', () => {
    const indented = (asks: string) =>
      `{% for m in messages %}\n    {{ '### ' + m.role + ':' }}\n        {{ m.content }}</s>\n{% endfor %}{% if add_generation_prompt %}\n  ### assistant:${asks}{% endif %}`
    for (const asks of ['', '\n'])
      expect(spans(indented(asks), talk)).toEqual(['\n        b</s>', '\n        a</s>'].map((s) => s.slice(asks.length)))
  })
  it('begins after a system message that the template adds itself', () => {
    const adds = (asks: string) =>
      `{% for m in messages %}{% if loop.first and m.role != 'system' %}<|im_start|>system\nBe kind.<|im_end|>\n{% endif %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n${asks}{% endif %}`
    for (const asks of ['', '<think>\n'])
      expect(spans(adds(asks), [assistant('Hello'), user('a'), assistant('b')])).toEqual(['Hello<|im_end|>', 'b<|im_end|>'])
  })
  it('ends with what ends every turn, also after the loop, but not with the next header', () => {
    const joined = `{% for m in messages %}{% if not loop.first %}</s>{% endif %}<{{ m.role }}>{{ m.content }}{% endfor %}`
    expect(spans(`${joined}</s>{% if add_generation_prompt %}<assistant>{% endif %}`, talk)).toEqual(['b</s>', 'a</s>'])
    const always = `{% for m in messages %}<{{ m.role }}>{{ m.content }}\n{% endfor %}<assistant>`
    expect(spans(always, talk)).toEqual(['b\n', 'a\n'])
  })
})
