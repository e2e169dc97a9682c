// Right texts: transformers 5.18's apply_chat_template over json.loads of the same rows.
import { describe, expect, it } from 'vitest'
import { parseJson } from '../config/exact-json'
import type { ChatMessage } from './chat-message'
import { renderChat } from './chat-template'
import { type TemplateRequest, type TemplateWorker, jobsOf, renderJobs, workerRenderer } from './template-renderer'

const rendered = (expression: string, json: string): string =>
  renderChat(`{{ ${expression} }}`, [{ role: 'user', content: '', v: parseJson(json) }])

describe('values in a chat template', () => {
  it.each([
    ['20.0', '20.0'],
    ['9007199254740993', '9007199254740993'],
    ['-12345678901234567890', '-12345678901234567890'],
    ['-0', '0'],
    ['-0.0', '-0.0'],
    ['1e5', '100000.0'],
    ['1e16', '1e+16'],
    ['123456789012345680.0', '1.2345678901234568e+17'],
    ['0.00000001', '1e-08'],
    ['0.0001', '0.0001'],
    ['0.00001234', '1.234e-05'],
    ['1.10', '1.1'],
    ['5e-324', '5e-324'],
    ['7', '7'],
    ['-1.5', '-1.5'],
  ])('write the number %s as Python does: %s', (json, text) => {
    for (const way of ['messages[0].v | tojson', 'messages[0].v', 'messages[0].v | string', "'' ~ messages[0].v"])
      expect(rendered(way, json), way).toBe(text)
  })
  it('keep numbers that no double holds as they are in the file, which is still JSON', () => {
    expect(rendered('messages[0].v | tojson', '{"a":1e999,"b":-1e999}')).toBe('{"a": 1e999, "b": -1e999}')
  })
  it('are numbers to the template', () => {
    expect(rendered('messages[0].v + 1', '20.0')).toBe('21.0')
    expect(rendered("'yes' if messages[0].v else 'no'", '0.0')).toBe('no')
    expect(rendered("'yes' if messages[0].v else 'no'", '9007199254740993')).toBe('yes')
    expect(rendered("'yes' if messages[0].v > 19 and messages[0].v is number else 'no'", '20.0')).toBe('yes')
  })
  it('keep the order of keys', () => {
    const json = '{"10":"b","9":"a","amount":20.0,"é":[true,null,1.50,"x"],"a":{}}'
    expect(rendered('messages[0].v | tojson', json)).toBe('{"10": "b", "9": "a", "amount": 20.0, "é": [true, null, 1.5, "x"], "a": {}}')
    expect(rendered("messages[0].v | tojson(sort_keys=true, separators=(',', ':'))", json)).toBe(
      '{"10":"b","9":"a","a":{},"amount":20.0,"é":[true,null,1.5,"x"]}',
    )
    expect(rendered('messages[0].v | tojson(true, 1)', '{"é":[1.0],"a":{}}')).toBe('{\n "\\u00e9": [\n  1.0\n ],\n "a": {}\n}')
  })
  it('print dictionaries, lists, truth and None as Python does', () => {
    const json = '{"a":true,"b":[false,null,1.0],"it\'s":"\\"q\\"\\n\\u0007\\u200b"}'
    expect(rendered('messages[0].v', json)).toBe(`{'a': True, 'b': [False, None, 1.0], "it's": '"q"\\n\\x07\\u200b'}`)
    expect(rendered('messages[0].v | string', 'true')).toBe('True')
    expect(rendered('messages[0].v | string', 'null')).toBe('None')
  })
  it('are the same in a worker', async () => {
    const template = '{{ messages[0].v | tojson }}{{ tools | tojson }}'
    const messages: ChatMessage[] = [{ role: 'user', content: '', v: parseJson('{"2":1.0,"1":12345678901234567890}') }]
    const create = (): TemplateWorker => {
      const events = new EventTarget()
      return Object.assign(events, {
        postMessage(sent: TemplateRequest) {
          const request = structuredClone(sent)
          const results = renderJobs(request.template, request.tokens, jobsOf(request))
          queueMicrotask(() => events.dispatchEvent(new MessageEvent('message', { data: { results } })))
        },
        terminate: () => undefined,
      })
    }
    const [result] = await workerRenderer(create, template).render([{ messages, tools: parseJson('[{"9":5.0}]'), want: 'prompt' }])
    expect(result).toMatchObject({ text: '{"2": 1.0, "1": 12345678901234567890}[{"9": 5.0}]' })
  })
})
