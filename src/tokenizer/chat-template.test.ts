import { describe, expect, it } from 'vitest'
import { say } from '../config/phrase'
import type { ChatMessage } from './chat-message'
import { renderChat } from './chat-template'
import { type TemplateRequest, type TemplateWorker, directRenderer, jobsOf, renderJobs, workerRenderer } from './template-renderer'
import { renderTurns } from './turn-spans'

const chatml = `{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}`
const llama2 = `{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}{% set system_message = messages[0]['content'] %}{% else %}{% set loop_messages = messages %}{% set system_message = false %}{% endif %}{% for message in loop_messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}{% if loop.index0 == 0 and system_message != false %}{% set content = '<<SYS>>\\n' + system_message + '\\n<</SYS>>\\n\\n' + message['content'] %}{% else %}{% set content = message['content'] %}{% endif %}{% if message['role'] == 'user' %}{{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}{% elif message['role'] == 'assistant' %}{{ ' '  + content.strip() + ' ' + eos_token }}{% endif %}{% endfor %}`
// Forgets the thoughts of earlier turns and starts new ones with a thought, as reasoning models do.
const thinking = `{% for m in messages %}<|{{ m.role }}|>{% if m.role == 'assistant' and not loop.last and '</think>' in m.content %}{{ m.content.split('</think>')[-1] }}{% else %}{{ m.content }}{% endif %}<|end|>{% endfor %}{% if add_generation_prompt %}<|assistant|><think>{% endif %}`

const talk: ChatMessage[] = [
  { role: 'user', content: 'Hi' },
  { role: 'assistant', content: 'Hello there' },
  { role: 'user', content: 'Hello there?' },
  { role: 'assistant', content: ' Bye ' },
]
const cut = (template: string, messages: ChatMessage[], turns: 'last' | 'all') => {
  const answers = messages.flatMap((m, i) => (m.role === 'assistant' ? [i] : []))
  const wanted = turns === 'all' ? answers : answers.slice(-1)
  const { text, spans } = renderTurns(template, messages, wanted, { bosToken: '<s>', eosToken: '</s>' })
  return spans.map((span) => span && text.slice(span.start, span.end))
}

describe('renderChat', () => {
  it('renders as transformers does', () => {
    expect(renderChat(chatml, talk.slice(0, 1), { addGenerationPrompt: true })).toBe(
      '<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n',
    )
    expect(renderChat(llama2, talk, { bosToken: '<s>', eosToken: '</s>' })).toBe(
      '<s>[INST] Hi [/INST] Hello there </s><s>[INST] Hello there? [/INST] Bye </s>',
    )
  })
  it('gives the date and tools', () => {
    expect(renderChat(`{{ strftime_now('%Y') }}{% if tools is none %}-{% endif %}`, [])).toBe(`${new Date().getFullYear()}-`)
    expect(renderChat('{{ tools[0].name }}', [], { tools: [{ name: 'search' }] })).toBe('search')
  })
  it('stops a template that does not end', () => {
    expect(() => renderChat('{% for i in range(1000000000) %}x{% endfor %}', [])).toThrow(/at most 100000/)
    expect(() =>
      renderChat('{% for i in range(90000) %}{% for j in range(90000) %}{% set a = i * j %}{% endfor %}{% endfor %}', []),
    ).toThrow(/expected it to end/)
  }, 20_000)
  it('gives templates no access to the host', () => {
    expect(renderChat(`{{ messages.constructor }}|{{ ''.constructor }}|{{ messages.__proto__ }}`, [])).toBe('||')
  })
})

describe('renderTurns', () => {
  it('finds the turns and their end marks, without the template’s line breaks', () => {
    expect(cut(chatml, talk, 'all')).toEqual(['Hello there<|im_end|>', ' Bye <|im_end|>'])
    expect(cut(chatml, talk, 'last')).toEqual([' Bye <|im_end|>'])
    expect(cut(llama2, talk, 'all')).toEqual([' Hello there </s>', ' Bye </s>'])
  })
  it('marks only the turn if earlier turns are rendered differently later', () => {
    const messages = [
      talk[0],
      { role: 'assistant', content: '<think>hm</think>One' },
      talk[2],
      { role: 'assistant', content: '<think>so</think>Two' },
    ]
    expect(cut(thinking, messages, 'all')).toEqual(['One<|end|>', 'so</think>Two<|end|>'])
    expect(cut(thinking, [talk[0], { role: 'assistant', content: 'plain' }], 'last')).toEqual(['plain<|end|>'])
  })
  it('trains a trailing line break that is the only end of a turn', () => {
    const lines = `{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}{% if add_generation_prompt %}assistant: {% endif %}`
    expect(cut(lines, [talk[0], { role: 'assistant', content: 'Yes' }, talk[0]], 'last')).toEqual(['Yes\n'])
  })
})

describe('renderers', () => {
  it('say what a template refuses', async () => {
    const result = await directRenderer(llama2).render([
      { messages: [talk[1]], want: [0] },
      { messages: talk, want: 'prompt' },
    ])
    expect(result[0]).toEqual({
      problem: say`the chat template refuses it (${'Conversation roles must alternate user/assistant/user/assistant/...'})`,
    })
    expect(result[1]).toHaveProperty('text')
  })

  const fakeWorker = (answers: boolean) => {
    const target = new EventTarget()
    const worker = { ended: 0, asked: [] as number[] }
    const fake: TemplateWorker = {
      postMessage(request: TemplateRequest) {
        worker.asked.push(jobsOf(request).length)
        if (answers)
          queueMicrotask(() =>
            target.dispatchEvent(
              new MessageEvent('message', { data: { results: renderJobs(request.template, request.tokens, jobsOf(request)) } }),
            ),
          )
      },
      terminate: () => void worker.ended++,
      addEventListener: target.addEventListener.bind(target),
      removeEventListener: target.removeEventListener.bind(target),
    }
    return { worker, fake }
  }
  it('ask a worker, and end it when it does not answer', async () => {
    const good = fakeWorker(true)
    expect(await workerRenderer(() => good.fake, chatml).render([{ messages: talk.slice(0, 1), want: 'prompt' }])).toEqual([
      { text: '<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n', spans: [], unread: [] },
    ])
    const silent = fakeWorker(false)
    const renderer = workerRenderer(() => silent.fake, chatml, {}, 30)
    await expect(renderer.render([{ messages: talk, want: [0] }])).rejects.toThrow(/within 0.03 seconds, got none/)
    expect(silent.worker.ended).toBe(1)
  })
  it('ask for a few long conversations at a time, since the time limit is for one question', async () => {
    const { worker, fake } = fakeWorker(true)
    const turns = (count: number) => ({ messages: Array.from({ length: count }, (_, i) => talk[i % 2]), want: 'prompt' as const })
    const jobs = [90, 90, 90, 500, 1, 1].map(turns)
    expect(await workerRenderer(() => fake, chatml).render(jobs)).toEqual(renderJobs(chatml, {}, jobs))
    expect(worker.asked).toEqual([2, 1, 1, 2])
    expect(await workerRenderer(() => fake, chatml).render([])).toEqual([])
  })
})
