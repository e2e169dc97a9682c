// The whole server by OpenAI's own client: the demo model with two adapters, both asked at once.
import { readFileSync, readdirSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import type { AddressInfo } from 'node:net'
import OpenAI from 'openai'
import { expect, test } from 'vitest'
import { defaults, typedSettings } from '../../config/field'
import { Answerer } from '../../decode/answer'
import { questionOf } from '../../decode/asking'
import { Gpu } from '../../gpu/gpu'
import { MemorySource } from '../../formats/memory-source'
import { openModel } from '../../formats/open-model'
import { loadModel } from '../../peft/loaded-model'
import { lora } from '../../peft/lora'
import { loraSites, rankFields } from '../../peft/lora-sites'
import type { Adapter } from '../../peft/method'
import { normal, randomSource } from '../../peft/random'
import { oneDeviceGpu } from '../../testing/one-device'
import { servedModels } from './batches'
import { openAiServer } from './server'

const folder = join(import.meta.dirname, '../../../public/demo')
const names = ['config.json', 'generation_config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json']

test('two adapters and the base, asked at once', { timeout: 60_000 }, async () => {
  const gpu = await Gpu.open(await oneDeviceGpu())
  const sources = readdirSync(folder).flatMap((name) =>
    names.includes(name) ? [new MemorySource(name, readFileSync(join(folder, name)))] : [],
  )
  const model = await loadModel(gpu, await openModel(sources), 'native')
  const settings = typedSettings('lora', rankFields, { ...defaults(lora.fields), r: 2 })
  const adapter = (seed: number): Adapter => ({
    method: lora,
    settings: { ...defaults(lora.fields), r: 2 },
    tensors: new Map(
      loraSites(model.base, settings).flatMap((s) => [
        [s.a, { shape: [s.rank, s.in], values: normal(randomSource(seed, s.a), s.rank * s.in, 0.2) }] as const,
        [s.b, { shape: [s.out, s.rank], values: normal(randomSource(seed, s.b), s.out * s.rank, 0.2) }] as const,
      ]),
    ),
  })
  const adapters = new Map<string, Adapter | undefined>([
    ['demo', undefined],
    ['a', adapter(1)],
    ['b', adapter(2)],
  ])
  const served = servedModels(gpu, model, adapters)
  const server = openAiServer(served)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = new OpenAI({ baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, apiKey: 'none', maxRetries: 0 })
  expect((await client.models.list()).data.map(({ id }) => id)).toEqual(['demo', 'a', 'b'])

  const want = new Map<string, string>()
  for (const [name, given] of adapters) {
    const answerer = new Answerer(gpu, model, [given])
    const question = await questionOf(model, 'Once', { adapter: given, raw: true })
    want.set(name, (await answerer.answer([{ ...question, options: { maxTokens: 8, temperature: 0, seed: 0 } }]))[0]!.text)
    answerer.release()
  }
  expect(new Set(want.values()).size).toBe(3)

  const streamed = async (name: string) => {
    let text = ''
    for await (const { choices } of await client.completions.create({ model: name, prompt: 'Once', max_tokens: 8, stream: true }))
      text += choices[0]?.text ?? ''
    return text
  }
  const whole = async (name: string) => (await client.completions.create({ model: name, prompt: 'Once', max_tokens: 8 })).choices[0]?.text
  expect(await Promise.all([streamed('b'), whole('demo'), streamed('a')])).toEqual([want.get('b'), want.get('demo'), want.get('a')])
  const chat = await client.chat.completions.create({ model: 'a', messages: [{ role: 'user', content: 'Once' }], max_tokens: 4 })
  expect(chat.usage?.completion_tokens).toBeLessThanOrEqual(4)
  const context = model.file.config.context
  await expect(client.completions.create({ model: 'a', prompt: 'Once '.repeat(context) })).rejects.toMatchObject({
    status: 400,
    message: expect.stringContaining(`takes at most ${context - 1}`),
  })
  // Refused by its characters; it is not cut into tokens, which would take a minute.
  const long = await client.completions.create({ model: 'a', prompt: 'a b '.repeat(2 ** 19) }).catch((error: unknown) => error)
  expect(long).toMatchObject({ status: 400, code: 'context_length_exceeded', message: expect.stringContaining(`${2 ** 21} characters`) })
  server.closeAllConnections()
  server.close()
  served.close()
})
