// What ends an answer, from a base's metadata into the files that are written of it.
import { describe, expect, it } from 'vitest'
import { defaults } from '../config/field'
import { readGgufHeader } from '../formats/gguf'
import { MemorySource } from '../formats/memory-source'
import { openModel } from '../formats/open-model'
import { planBase } from '../models/base-model'
import { randomModel } from '../models/random-model'
import { methodNamed } from '../peft/registry'
import { ggufOf, someVocabulary } from '../testing/gguf-from-folder'
import { createTokenizer } from '../tokenizer/create-tokenizer'
import type { Adapter } from '../peft/method'
import { methodBase } from '../peft/base'
import { mergedFolder } from './merge'
import { mergedGguf } from './merge-gguf'

const vocab = 32
const shape = { family: 'llama', layers: 1, hidden: 32, intermediate: 32, heads: 2, kvHeads: 2, vocab, context: 64 }

/** A GGUF base with 2 as its eos, and the given ids. */
async function based(ids: Record<string, number | number[]>) {
  const given = Object.entries(ids).map(([key, value]) => [
    `tokenizer.ggml.${key}`,
    typeof value === 'number' ? ({ type: 'u32', value } as const) : ({ type: 'i32s', value } as const),
  ])
  const bytes = await ggufOf(randomModel('base', shape), { ...someVocabulary(vocab), ...Object.fromEntries(given) })
  const file = await openModel([new MemorySource('base.gguf', bytes)])
  const tokenizer = createTokenizer(file.tokenizer!, vocab, file.special)
  return { file, tokenizer, base: methodBase(planBase(file, 'native', 2 ** 27), tokenizer) }
}

/** An adapter that changes nothing, whose answers end with `ends`. */
function adapter(...ends: number[]): Adapter {
  const method = methodNamed('full')
  return { method, settings: defaults(method.fields), tensors: new Map(), asking: { form: 'template', ends } }
}

async function bytesOf({
  sizeBytes,
  chunks,
}: {
  sizeBytes: number
  chunks(): AsyncIterable<Uint8Array>
}): Promise<Uint8Array<ArrayBuffer>> {
  const out = new Uint8Array(sizeBytes)
  let at = 0
  for await (const chunk of chunks()) {
    out.set(chunk, at)
    at += chunk.length
  }
  return out
}

describe('ends', () => {
  it('tokens that end a text, a turn or a message end the answers of a GGUF base', async () => {
    const { file, tokenizer } = await based({ eot_token_id: 4, eom_token_id: 5, eos_token_ids: [2, 6, -1] })
    expect(file.special.eos).toEqual([2, 4, 5, 6])
    expect(tokenizer.ends).toEqual([2, 4, 5, 6])
    expect((await based({ eot_token_id: 0xffffffff })).tokenizer.ends).toEqual([2])
  })

  it('are written to generation_config.json of a merged folder, including those of trained answers', async () => {
    const source = await based({ eot_token_id: 4 })
    const generation = async (...ends: number[]) => {
      const files = await mergedFolder(source, adapter(...ends), 'f32')
      const found = files.find(({ path }) => path === 'generation_config.json')!
      return JSON.parse(new TextDecoder().decode(await bytesOf(found))) as Record<string, unknown>
    }
    expect(await generation(9, 2)).toEqual({ bos_token_id: 1, eos_token_id: [2, 4, 9] })
    expect(await generation()).toEqual({ bos_token_id: 1, eos_token_id: [2, 4] })
  })

  it('are written to a merged GGUF file as the end of a turn if the base names none', async () => {
    const merged = async (ids: Record<string, number>, ...ends: number[]) => {
      const bytes = await bytesOf(await mergedGguf(await based(ids), adapter(...ends)))
      const { metadata } = await readGgufHeader(new MemorySource('merged.gguf', bytes))
      return metadata['tokenizer.ggml.eot_token_id']
    }
    expect(await merged({}, 2, 9)).toBe(9)
    expect(await merged({}, 2)).toBeUndefined()
    expect(await merged({ eot_token_id: 4 }, 9)).toBe(4)
  })
})
