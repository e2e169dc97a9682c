// Real models under ../shared, opened as a person's files are.
import { GGMLQuantizationType, gguf } from '@huggingface/gguf'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { goldenModels } from '../testing/golden-families'
import { packedPieces } from './load-weights'
import { MemorySource } from './memory-source'
import type { ModelFile, TensorEntry } from './model-file'
import { sizedName } from './sized-name'
import { openModel } from './open-model'
import { readGgufHeader } from './gguf'
import { toHalf } from './quant/half'
import { weightFormat } from './quant/registry'
import { writeSafetensors } from './safetensors'
import { floats, hasShared, sharedFolder, sharedSource, sharedTensors } from './testing/shared'

const matrix = ([rows, cols]: readonly number[]) => (cols === undefined ? { rows: 1, cols: rows! } : { rows: rows!, cols })

async function values(entry: TensorEntry): Promise<Float32Array> {
  const { rows, cols } = matrix(entry.shape)
  return weightFormat(entry.format).decode(await entry.readRows(0, rows), rows * cols)
}

/** A part of a tensor as its GPU buffer, put together from its pieces. */
async function buffer(
  entry: TensorEntry,
  part: { rowStart: number; rows: number; cols: number },
  target: Parameters<typeof packedPieces>[2],
) {
  const format = weightFormat(target === 'native' ? entry.format : target)
  const bytes = new Uint8Array(format.gpuBytes(part.rows, part.cols))
  for await (const piece of packedPieces(entry, part, target)) {
    expect([piece.offset % 4, piece.bytes.length % 4]).toEqual([0, 0])
    bytes.set(piece.bytes, piece.offset)
  }
  return bytes
}

/** toEqual takes seconds on large arrays. */
const same = (a: ArrayLike<number>, b: ArrayLike<number>) => a.length === b.length && Array.prototype.every.call(a, (v, i) => v === b[i])

const json = (name: string, value: unknown) => new MemorySource(name, new TextEncoder().encode(JSON.stringify(value)))
const config = { model_type: 'llama', num_hidden_layers: 1, hidden_size: 8, intermediate_size: 16, num_attention_heads: 2, vocab_size: 4 }

describe.skipIf(!hasShared)('TinyStories-656K', async () => {
  const open = async (kind: string) => openModel([sharedSource(`models/TinyStories-656K-gguf/TinyStories-656K.${kind}.gguf`)])
  const folder = hasShared ? await openModel(sharedFolder('models/TinyStories-656K')) : (undefined as unknown as ModelFile)

  it('folder: configuration, tokenizer and the tied matrix that is stored under the other name', () => {
    expect(folder.config).toMatchObject({
      family: 'llama',
      layers: 2,
      hidden: 128,
      intermediate: 384,
      heads: 8,
      kvHeads: 4,
      headDim: 16,
      vocab: 2048,
      context: 512,
      tied: true,
    })
    expect(folder.special).toEqual({ bos: 1, eos: [2], pad: undefined })
    expect(folder.tokenizer?.kind).toBe('hf')
    expect(folder.tensors.get('model.embed_tokens.weight')?.shape).toEqual([2048, 128])
    expect(folder.tensors.has('lm_head.weight')).toBe(false)
  })

  it("f16 GGUF: the same tensors with the same values, q and k in the publisher's row order", async () => {
    const f16 = await open('f16')
    const got = f16.config
    expect({ ...got, normEpsilon: Number(got.normEpsilon.toPrecision(6)), raw: {} }).toEqual({ ...folder.config, raw: {} })
    expect([...f16.tensors.keys()].sort()).toEqual([...folder.tensors.keys()].sort())
    for (const [name, entry] of folder.tensors) {
      const other = f16.tensors.get(name)!
      expect(other.shape).toEqual(entry.shape)
      const original = await values(entry)
      expect([...(await values(other))].map(toHalf)).toEqual([...original].map(toHalf))
    }
  })

  it('q and k rows in any piece', async () => {
    const f16 = await open('f16')
    for (const name of ['model.layers.0.self_attn.q_proj.weight', 'model.layers.1.self_attn.k_proj.weight']) {
      const entry = f16.tensors.get(name)!
      const whole = await entry.readRows(0, entry.shape[0]!)
      for (const [start, count] of [
        [0, 1],
        [5, 30],
        [17, 3],
        [entry.shape[0]! - 1, 1],
      ] as const) {
        expect(await entry.readRows(start, count)).toEqual(whole.slice(start * 256, (start + count) * 256))
      }
    }
  })

  for (const kind of ['f16', 'q8_0', 'q4_0', 'q4_k_m']) {
    it(`${kind} GGUF: header as @huggingface/gguf reads it`, async () => {
      const path = `models/TinyStories-656K-gguf/TinyStories-656K.${kind}.gguf`
      const { metadata, tensors } = await readGgufHeader(sharedSource(path))
      const oracle = await gguf(resolve('../shared', path), { allowLocalFile: true })
      for (const [key, value] of Object.entries(oracle.metadata)) {
        if (key === 'version' || key === 'tensor_count' || key === 'kv_count') continue
        const plain = (v: unknown) => (typeof v === 'bigint' ? Number(v) : typeof v === 'object' ? Array.from(v as ArrayLike<unknown>) : v)
        expect(plain(metadata[key])).toEqual(plain(value))
      }
      expect([...tensors.values()].map((t) => [t.name, t.dimensions, t.type, t.offset])).toEqual(
        oracle.tensorInfos.map((t) => [
          t.name,
          t.shape.map(Number),
          t.dtype as GGMLQuantizationType,
          Number(oracle.tensorDataOffset + t.offset),
        ]),
      )
    })
  }

  it('quantised GGUF files are close to the original', async () => {
    for (const [kind, most] of [
      ['q8_0', 0.01],
      ['q4_k_m', 0.12],
      ['q4_0', 0.12],
    ] as const) {
      const model = await open(kind)
      for (const [name, entry] of model.tensors) {
        const [a, b] = [await values(entry), await values(folder.tensors.get(name)!)]
        const norm = (list: Float32Array) => Math.sqrt(list.reduce((sum, v) => sum + v * v, 0))
        expect(norm(a.map((v, i) => v - b[i]!)) / norm(b)).toBeLessThan(most)
      }
    }
  })

  it('parts of every format and target equal those of the whole', async () => {
    for (const kind of ['f16', 'q8_0', 'q4_k_m']) {
      const model = await open(kind)
      for (const name of ['model.embed_tokens.weight', 'model.layers.0.self_attn.q_proj.weight', 'model.layers.1.mlp.down_proj.weight']) {
        const entry = model.tensors.get(name)!
        const all = await values(entry)
        const [rows, cols] = entry.shape as [number, number]
        for (const [rowStart, count] of [
          [0, rows],
          [32, rows - 32],
          [64, 32],
        ] as const) {
          const part = { rowStart, rows: count, cols }
          const expected = all.subarray(rowStart * cols, (rowStart + count) * cols)
          expect(same(weightFormat('f32').decode(await buffer(entry, part, 'f32'), count * cols), expected)).toBe(true)
          const half = weightFormat('f16').decode(await buffer(entry, part, 'f16'), count * cols)
          expect(half.every((v, i) => toHalf(v) === toHalf(expected[i]!))).toBe(true)
          const native = weightFormat(entry.format).pack(await entry.readRows(rowStart, count), part, 0, count)
          const packed = await buffer(entry, part, 'native')
          for (const piece of native) expect(same(packed.subarray(piece.offset, piece.offset + piece.bytes.length), piece.bytes)).toBe(true)
        }
      }
    }
  })

  it('truncated files give one sentence', async () => {
    for (const path of ['models/TinyStories-656K-gguf/TinyStories-656K.q4_0.gguf', 'models/TinyStories-656K/model.safetensors']) {
      const source = sharedSource(path)
      const bytes = await source.read(0, source.sizeBytes)
      for (const end of [4, 7, 8, 20, 24, 100, 1000, 20_000, bytes.length - 1]) {
        const cut = new MemorySource(source.name, bytes.slice(0, end))
        await expect(openModel([cut, json('config.json', config)])).rejects.toThrow(/expected .*, got .*\. /)
      }
    }
  })
})

describe.skipIf(!hasShared)("the oracle's models", () => {
  it.each(goldenModels)('$name opens', async ({ name }) => {
    const model = await openModel(sharedFolder(`oracle/${name}`).filter((s) => !s.name.startsWith('expected')))
    const { raw } = model.config
    expect(model.config).toMatchObject({
      hidden: 64,
      layers: raw.num_hidden_layers ?? 2,
      heads: raw.num_attention_heads ?? 4,
      vocab: raw.vocab_size,
    })
    expect(model.tensors.size).toBeGreaterThan(10)
  })

  it('Llama 3 scales its low frequencies', async () => {
    const { ropeFactors } = (await openModel(sharedFolder('oracle/llama3_rope').filter((s) => !s.name.startsWith('expected')))).config
    expect(ropeFactors).toHaveLength(8)
    expect(ropeFactors!.slice(0, 1)).toEqual([1])
    expect(ropeFactors!.slice(3)).toEqual([8, 8, 8, 8, 8])
  })

  it("bitsandbytes' own NF4 gives the values that quantising here gives", async () => {
    const quantised = await openModel(sharedFolder('oracle/nf4/llama_bnb4bit'))
    const original = await openModel(sharedFolder('oracle/llama').filter((s) => !s.name.startsWith('expected')))
    const differing: string[] = []
    for (const [name, entry] of quantised.tensors) {
      const other = original.tensors.get(name)!
      if (entry.format !== 'nf4-dq') {
        expect(await values(entry)).toEqual(await values(other))
        continue
      }
      const part = { rowStart: 0, ...matrix(entry.shape) }
      const ours = weightFormat('nf4-dq').decode(await buffer(other, part, 'nf4-dq'), part.rows * part.cols)
      const theirs = await values(entry)
      expect(weightFormat('f32').decode(await buffer(entry, part, 'f32'), theirs.length)).toEqual(theirs)
      if (ours.some((v, i) => Math.abs(v - theirs[i]!) > 1e-6 * Math.abs(theirs[i]!))) differing.push(name)
    }
    expect(differing).toEqual([])
  })

  it("adapters written here hold what PEFT's hold", async () => {
    const path = 'oracle/methods/lora_qv/init/adapter_model.safetensors'
    const { bytes, shapes } = await sharedTensors(path)
    const written = writeSafetensors([...bytes].map(([name, data]) => ({ name, shape: shapes.get(name)!, data: floats(data) })))
    const original = sharedSource(path)
    expect(written).toEqual(await original.read(0, original.sizeBytes))
  })
})

describe('files that are not a model', () => {
  const tensor = (name: string, shape: number[]) => ({ name, shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) })
  const weights = new MemorySource('model.safetensors', writeSafetensors([tensor('model.embed_tokens.weight', [4, 8])]))
  const text = (name: string, content: string) => new MemorySource(name, new TextEncoder().encode(content))

  it.each([
    ['nothing', [], /expected a GGUF file or a Hugging Face folder/],
    ['a text', [text('notes.txt', 'hello there')], /notes\.txt: expected a GGUF file or a Hugging Face folder/],
    [
      'a page that was saved as GGUF',
      [text('m.gguf', '<!doctype html>\n<title>404')],
      /m\.gguf: .* got one that begins with “<!doctype html> <title>404”/,
    ],
    [
      'bytes called GGUF',
      [new MemorySource('m.GGUF', new Uint8Array(9))],
      /m\.GGUF: expected a file that begins with “GGUF”, got one with other bytes/,
    ],
    ['an empty GGUF', [text('m.gguf', '')], /m\.gguf: expected a GGUF file, got an empty file\. Download it again/],
    [
      'weights of an adapter alone',
      [text('adapter_model.safetensors', '')],
      /got the weights of an adapter\. Choose the adapter's whole folder/,
    ],
    ['weights alone', [weights], /expected config\.json beside the safetensors/],
    ['PyTorch', [json('config.json', config), text('pytorch_model.bin', 'PK\u0003\u0004')], /got a zip or PyTorch file/],
    ['an adapter', [json('adapter_config.json', {}), new MemorySource('adapter_model.safetensors', new Uint8Array(9))], /got an adapter/],
    ['broken JSON', [text('config.json', '{'), weights], /config\.json: expected a JSON object/],
    [
      'missing keys',
      [json('config.json', { model_type: 'llama', hidden_size: 8 }), weights],
      /num_hidden_layers: expected a whole number from 1, got nothing; .*vocab_size/,
    ],
    ['another vocabulary', [json('config.json', { ...config, vocab_size: 5 }), weights], /expected a vocab_size of 4/],
    [
      'missing parts',
      [json('config.json', config), json('model.safetensors.index.json', { weight_map: { a: 'x.safetensors' } })],
      /x\.safetensors/,
    ],
    [
      'another rotary scaling',
      [json('config.json', { ...config, rope_scaling: { type: 'proportional', factor: 4 } }), weights],
      /rotary scaling default, linear, dynamic, yarn, longrope or llama3, got proportional/,
    ],
    [
      'another quantisation',
      [json('config.json', { ...config, quantization_config: { quant_method: 'aqlm' } }), weights],
      /expected no quantisation, or one by bitsandbytes, GPTQ.*, got aqlm\. Choose this model without quantisation/,
    ],
    [
      'another type',
      [
        json('config.json', config),
        new MemorySource('model.safetensors', writeSafetensors([{ name: 'a', shape: [2], data: new Uint8Array(2), dtype: 'F8_E4M3' }])),
      ],
      /F8_E4M3 in a/,
    ],
  ])('%s', async (_, sources, message) => {
    await expect(openModel(sources)).rejects.toThrow(message)
  })

  it('opens a model in parts inside a folder', async () => {
    const part = (name: string, tensors: string[]) =>
      new MemorySource(`my-model/${name}`, writeSafetensors(tensors.map((t) => tensor(t, [4, 8]))))
    const model = await openModel([
      json('my-model/config.json', config),
      json('my-model/model.safetensors.index.json', {
        weight_map: { 'model.embed_tokens.weight': 'a.safetensors', 'lm_head.weight': 'b.safetensors' },
      }),
      part('a.safetensors', ['model.embed_tokens.weight']),
      part('b.safetensors', ['lm_head.weight']),
      text('my-model/README.md', '---\nlicense: apache-2.0\n---\n'),
    ])
    expect([model.name, model.licence, [...model.tensors.keys()]]).toEqual([
      'my-model',
      'apache-2.0',
      ['model.embed_tokens.weight', 'lm_head.weight'],
    ])
  })

  it('calls a model without a name by its family and its size', async () => {
    const model = await openModel([json('config.json', config), weights])
    expect(model.name).toBe(`${model.config.family}-32`)
    for (const [weights, name] of [
      [656_000, '656K'],
      [999_600, '1M'],
      [134_515_008, '135M'],
      [999_600_000, '1B'],
      [1_235_814_400, '1.24B'],
    ] as const)
      expect(sizedName({ family: 'llama' }, new Map([['w', { shape: [weights] }]]))).toBe(`llama-${name}`)
  })
})
