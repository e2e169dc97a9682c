// Damaged and hostile files: whatever the bytes, what comes out is a FormatError or an UnsupportedError, soon.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FormatError, UnsupportedError } from '../config/errors'
import { readGgufHeader } from './gguf'
import { writeGguf } from './gguf-write'
import { MemorySource } from './memory-source'
import { openModel } from './open-model'
import { readSafetensorsHeader } from './safetensors'
import { smallFolder, smallGguf } from './testing/small-models'

/** Opens and reads everything; gives what was thrown, if anything. */
async function outcome(files: MemorySource[]): Promise<unknown> {
  try {
    for (const entry of (await openModel(files)).tensors.values()) await entry.readRows(0, entry.shape.length > 1 ? entry.shape[0]! : 1)
    return undefined
  } catch (error) {
    return error
  }
}

const known = (error: unknown) => error === undefined || error instanceof FormatError || error instanceof UnsupportedError
const sentence = /: .*(expected|:) .*, got .*\. [A-Z]/

const gguf = smallGguf()
const { config, weights } = smallFolder()
const openGguf = (bytes: Uint8Array) => outcome([new MemorySource('model.gguf', bytes)])
const openFolder = (bytes: Uint8Array) => outcome([config, new MemorySource('model.safetensors', bytes)])

describe('settings that would break what reads them', () => {
  const deep = `${'['.repeat(40_000)}${']'.repeat(40_000)}`
  it.each([
    ['deep nesting', `{"model_type":"llama","rope_theta":${deep}}`, /nested at most 64 deep/],
    ['a deep size', `{"model_type":"llama","hidden_size":${deep}}`, /nested at most 64 deep/],
    ['a name of functions', '{"model_type":"llama","rope_theta":{"toString":1,"valueOf":2}}', /names of settings, got toString/],
    ['such a name inside', '{"model_type":"llama","rope_scaling":{"rope_type":{"valueOf":2}}}', /names of settings, got valueOf/],
    [
      'heads that fill memory',
      '{"model_type":"llama","head_dim":4294967296,"rope_scaling":{"rope_type":"linear","factor":2}}',
      /head_dim: expected a whole number/,
    ],
    [
      'large heads',
      '{"model_type":"llama","head_dim":131072,"rope_scaling":{"rope_type":"linear","factor":2}}',
      /head_dim: expected at most 65536/,
    ],
  ])('%s', async (_, json, message) => {
    const error = await outcome([
      new MemorySource('config.json', new TextEncoder().encode(json)),
      new MemorySource('model.safetensors', weights),
    ])
    expect(error).toBeInstanceOf(FormatError)
    expect((error as Error).message).toMatch(message)
  })
})

describe('cut off at every byte', () => {
  it('GGUF', async () => {
    expect(await openGguf(gguf)).toBeUndefined()
    for (let end = 4; end < gguf.length - 32; end++) expect(await openGguf(gguf.subarray(0, end)), `at ${end}`).toBeInstanceOf(FormatError)
  })

  it('safetensors', async () => {
    expect(await openFolder(weights)).toBeUndefined()
    for (let end = 0; end < weights.length; end++)
      expect(await openFolder(weights.subarray(0, end)), `at ${end}`).toBeInstanceOf(FormatError)
  })
})

/** A change of some bytes, or a number of 8 or 4 bytes that readers have fallen over. */
const mutation = (length: number) =>
  fc.array(
    fc.record({
      at: fc.nat(length - 1),
      bytes: fc.oneof(
        fc.uint8Array({ minLength: 1, maxLength: 4 }),
        fc
          .constantFrom(0n, 1n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 62n, 2n ** 63n, 2n ** 64n - 1n)
          .map((n) => new Uint8Array(new BigUint64Array([n]).buffer)),
        fc.constantFrom(0, 9, 13, 99, 0x7fffffff, 0xffffffff).map((n) => new Uint8Array(new Uint32Array([n]).buffer)),
      ),
    }),
    { minLength: 1, maxLength: 3 },
  )

async function survives(whole: Uint8Array, headerBytes: number, open: (bytes: Uint8Array) => Promise<unknown>) {
  await fc.assert(
    fc.asyncProperty(mutation(headerBytes), async (changes) => {
      const bytes = new Uint8Array(whole)
      for (const { at, bytes: part } of changes) bytes.set(part.subarray(0, bytes.length - at), at)
      const started = performance.now()
      const error = await open(bytes)
      if (!known(error)) throw error
      expect(performance.now() - started).toBeLessThan(5000)
    }),
    { numRuns: 3000 },
  )
}

describe('changed anywhere', () => {
  it('GGUF', async () => {
    await expect(survives(gguf, 1100, openGguf)).resolves.toBeUndefined()
  }, 60_000)
  it('safetensors', async () => {
    await expect(survives(weights, 300, openFolder)).resolves.toBeUndefined()
  }, 60_000)
  it('any bytes after the magic', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        const withMagic = Uint8Array.of(0x47, 0x47, 0x55, 0x46, 3, 0, 0, 0, ...bytes)
        expect(known(await openGguf(withMagic))).toBe(true)
        expect(known(await openFolder(bytes))).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('GGUF headers that have broken readers', () => {
  const bomb = (tensors: bigint, entries: bigint, rest: number[] = []) => {
    const bytes = new Uint8Array(24 + rest.length)
    const view = new DataView(bytes.buffer)
    view.setUint32(0, 0x46554747, true)
    view.setUint32(4, 3, true)
    view.setBigUint64(8, tensors, true)
    view.setBigUint64(16, entries, true)
    bytes.set(rest, 24)
    return bytes
  }
  const tensor = (name: string, dimensions: number[], type = 0) => ({
    name,
    dimensions,
    type,
    bytes: new Uint8Array(dimensions.reduce((a, b) => a * b, 1) * 4),
  })
  const edited = (find: string, skip: number, put: (view: DataView, at: number) => void) => {
    const bytes = new Uint8Array(gguf)
    const at = new TextDecoder('latin1').decode(bytes).indexOf(find) + find.length + skip
    put(new DataView(bytes.buffer), at)
    return bytes
  }

  it.each([
    ['2^63 metadata entries', bomb(0n, 2n ** 63n), /number of metadata entries that fits a file/],
    ['2^32 tensors', bomb(2n ** 32n, 0n), /at most 65536 tensors/],
    ['more tensors than there is room for', bomb(60_000n, 0n), /room for 60000 tensors/],
    ['an endless key', bomb(0n, 1n, [255, 255, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0]), /a metadata key of at most/],
    [
      'a list of 2^62',
      edited('tokenizer.ggml.scores', 8, (v, at) => v.setBigUint64(at, 2n ** 62n, true)),
      /number of values in tokenizer.ggml.scores that fits/,
    ],
    [
      'a list longer than the file',
      edited('tokenizer.ggml.scores', 8, (v, at) => v.setBigUint64(at, 3_000_000n, true)),
      /room for 3000000 values/,
    ],
    ['a list of lists', edited('tokenizer.ggml.tokens', 4, (v, at) => v.setUint32(at, 9, true)), /a list of lists/],
    ['an unknown value type', edited('llama.block_count', 0, (v, at) => v.setUint32(at, 77, true)), /value type from 0 to 12, got 77/],
    ['five dimensions', edited('blk.0.attn_q.weight', 0, (v, at) => v.setUint32(at, 5, true)), /1 to 4 dimensions, got 5/],
    ['a dimension of 2^62', edited('blk.0.attn_q.weight', 4, (v, at) => v.setBigUint64(at, 2n ** 62n, true)), /a dimension that fits/],
    [
      'dimensions whose product overflows',
      edited('blk.0.attn_q.weight', 4, (v, at) => v.setBigUint64(at, 2n ** 50n, true)),
      /dimensions that fit a file/,
    ],
    ['a dimension of 0', edited('blk.0.attn_q.weight', 4, (v, at) => v.setBigUint64(at, 0n, true)), /dimensions that fit a file/],
    [
      'rows of broken blocks',
      edited('blk.0.ffn_down.weight', 4, (v, at) => v.setBigUint64(at, 65n, true)),
      /whose length is a multiple of 32 for Q8_0, got 65 weights/,
    ],
    ['an offset beyond the end', edited('blk.0.attn_q.weight', 24, (v, at) => v.setBigUint64(at, 2n ** 40n, true)), /cut off/],
    [
      'an offset out of line',
      edited('blk.0.attn_q.weight', 24, (v, at) => v.setBigUint64(at, 33n, true)),
      /an offset that is a multiple of 32/,
    ],
    ['two tensors in one place', edited('blk.0.attn_q.weight', 24, (v, at) => v.setBigUint64(at, 0n, true)), /which overlap/],
    ['a name twice', smallGguf({}, [tensor('blk.0.attn_q.bias', [32])]), /each tensor name once/],
    ['an alignment of 2^31', smallGguf({ 'general.alignment': { type: 'u32', value: 2 ** 31 } }), /a power of two/],
    ['an alignment of 0', smallGguf({ 'general.alignment': { type: 'u32', value: 0 } }), /a power of two/],
    [
      'an unknown tensor type',
      edited('blk.0.ffn_down.weight', 20, (v, at) => v.setUint32(at, 200, true)),
      /expected tensors of F32, F16, .*, got type number 200/,
    ],
    ['a type that is not read', edited('blk.0.attn_q.bias', 12, (v, at) => v.setUint32(at, 26, true)), /got I32 \(1 tensor\)/],
    ['512 million layers', smallGguf({ 'llama.block_count': { type: 'u32', value: 512_000_000 } }), /at most 1024/],
    ['no heads', smallGguf({ 'llama.attention.head_count': { type: 'u32', value: 0 } }), /head_count/],
    [
      'a text for a number',
      smallGguf({ 'llama.embedding_length': { type: 'text', value: '32' } }),
      /embedding_length: expected a whole number/,
    ],
    ['an adapter', smallGguf({ 'general.type': { type: 'text', value: 'adapter' } }), /expected a language model, got an adapter in GGUF/],
    ['metadata alone', writeGguf({ 'general.architecture': { type: 'text', value: 'llama' } }, []), /metadata only/],
    ['version 1', Uint8Array.of(0x47, 0x47, 0x55, 0x46, 1, 0, 0, 0), /got version 1/],
    ['big-endian', Uint8Array.of(0x47, 0x47, 0x55, 0x46, 0, 0, 0, 3), /got a big-endian file/],
  ])('%s', async (_, bytes, message) => {
    const error = await openGguf(bytes)
    expect(known(error)).toBe(true)
    expect((error as Error).message).toMatch(message)
    expect((error as Error).message).toMatch(sentence)
  })

  it("keys of the language's own are plain keys", async () => {
    const { metadata } = await readGgufHeader(
      new MemorySource(
        'm',
        smallGguf(Object.fromEntries(['__proto__', 'constructor'].map((key) => [key, { type: 'u32' as const, value: 2 }]))),
      ),
    )
    expect(Object.getPrototypeOf(metadata)).toBeNull()
    expect(metadata['constructor']).toBe(2)
  })

  it('a long header is read in pieces', async () => {
    const tokens = Array.from({ length: 200_000 }, (_, i) => `token number ${i}`)
    const bytes = smallGguf({ 'tokenizer.ggml.tokens': { type: 'texts', value: tokens } })
    let largest = 0
    const inner = new MemorySource('m', bytes)
    const source = {
      name: 'm',
      sizeBytes: inner.sizeBytes,
      read: (offset: number, length: number) => ((largest = Math.max(largest, length)), inner.read(offset, length)),
    }
    expect((await readGgufHeader(source)).metadata['tokenizer.ggml.tokens']).toEqual(tokens)
    expect(largest).toBeLessThanOrEqual(4 << 20)
  })
})

describe('safetensors headers that have broken readers', () => {
  const file = (header: string, data = 64, length?: bigint) => {
    const json = new TextEncoder().encode(header)
    const bytes = new Uint8Array(8 + json.length + data)
    new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(json.length), true)
    bytes.set(json, 8)
    return new MemorySource('m.safetensors', bytes)
  }
  const tensor = (offsets: string, shape = '[2]', dtype = 'F32') => `{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}}`
  it.each([
    ['a header of 2^63 bytes', file('{}', 0, 2n ** 63n), /at most 100000000 bytes/],
    ['a header beyond the end', file('{}', 0, 1000n), /cut off/],
    ['no JSON', file('{"a":'), /a JSON object as header/],
    ['broken UTF-8', new MemorySource('m.safetensors', Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0x22, 0xff)), /a JSON object as header/],
    ['a list', file('[]'), /a JSON object as header/],
    ['deep nesting', file('['.repeat(5_000_000)), /nesting deeper than 8/],
    [
      'a million tensors',
      file(`{${Array.from({ length: 100_000 }, (_, i) => `"${i}":${tensor('[0,0]', '[0]')}`).join()}}`),
      /at most 65536 tensors/,
    ],
    ['an offset beyond the end', file(`{"a":${tensor('[64,72]')}}`), /cut off/],
    ['offsets the wrong way', file(`{"a":${tensor('[8,0]')}}`), /expected 8 bytes for F32 2, got -8/],
    ['negative numbers', file(`{"a":${tensor('[-8,0]')}}`), /dtype, shape and data_offsets/],
    ['a shape that overflows', file(`{"a":${tensor('[0,8]', '[4294967296,4294967296]')}}`), /a size that fits the file/],
    ['a shape that differs', file(`{"a":${tensor('[0,8]', '[3]')}}`), /expected 12 bytes for F32 3, got 8/],
    ['a fraction', file(`{"a":${tensor('[0,8]', '[2.5]')}}`), /dtype, shape and data_offsets/],
    ['an unknown type', file(`{"a":${tensor('[0,8]', '[2]', 'F4')}}`), /got F4/],
    ['a type from the prototype', file(`{"a":${tensor('[0,8]', '[2]', 'constructor')}}`), /got constructor/],
    ['tensors over each other', file(`{"a":${tensor('[0,8]')},"b":${tensor('[4,12]')}}`), /a and b, which overlap/],
  ])('%s', async (_, source, message) => {
    const started = performance.now()
    const error: unknown = await readSafetensorsHeader(source).catch((e: unknown) => e)
    expect(error !== undefined && known(error)).toBe(true)
    expect((error as Error).message).toMatch(message)
    expect((error as Error).message).toMatch(sentence)
    expect(performance.now() - started).toBeLessThan(5000)
  })
})
