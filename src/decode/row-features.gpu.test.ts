// Features and losses of rows, against logits and losses of transformers: a head without a bias is linear, so the head of a row's mean
// hidden state is the mean of its logits.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fileSource } from '../data/data-source'
import { tokenizeDataset } from '../data/tokenize-dataset'
import { defaultDataOptions } from '../config/data-options'
import { weightFormat } from '../formats/quant/registry'
import { type GoldenBatch, goldenFolder, loadModel, readFloats, readJson } from '../testing/golden'
import { testGpus } from '../testing/device'
import { noTokenizer } from '../tokenizer/no-tokenizer'
import { rowFeatures } from './row-features'

const gpus = testGpus()

/** −log softmax of `logits` at `id`, in float64. */
function lossAt(logits: Float32Array, id: number): number {
  const most = Math.max(...logits)
  return most + Math.log(logits.reduce((sum, v) => sum + Math.exp(v - most), 0)) - logits[id]
}

test('features and losses of rows are those of transformers', async () => {
  const [{ gpu }] = gpus
  const folder = goldenFolder('tiny_llama')
  const { input_ids, attention_mask } = readJson<GoldenBatch>(join(folder, 'inputs.json'))
  const { shape, values } = (await readFloats(join(folder, 'expected.safetensors'))).get('logits')!
  const [, length, vocab] = shape
  const whole = input_ids.map((ids, b) =>
    ids.slice(
      0,
      attention_mask[b].reduce((sum, x) => sum + x, 0),
    ),
  )
  const jsonl = whole.map((ids) => JSON.stringify({ input_ids: ids })).join('\n')
  const model = await loadModel(gpu, folder, 'f32')
  const options = { ...defaultDataOptions, trainOn: 'everything' as const }
  const dataset = await tokenizeDataset(fileSource(new File([jsonl], 'rows.jsonl')), noTokenizer(vocab), undefined, options)
  const all = Int32Array.from(whole, (_, i) => i)
  const { features, losses } = await rowFeatures(gpu, model.plan, dataset, all, length)
  const entry = model.file.tensors.get(model.plan.family.head(model.file.config))!
  const head = weightFormat(entry.format).decode(await entry.readRows(0, vocab), vocab * features.width)
  const logits = (b: number, t: number) => values.subarray((b * length + t) * vocab, (b * length + t + 1) * vocab)
  whole.forEach((ids, b) => {
    for (let v = 0; v < vocab; v++) {
      const mean = ids.reduce((sum, _, t) => sum + logits(b, t)[v], 0) / ids.length
      let got = 0
      for (let j = 0; j < features.width; j++) got += features.values[b * features.width + j] * head[v * features.width + j]
      expect(Math.abs(got - mean)).toBeLessThan(1e-4)
    }
    const each = ids.slice(1).map((id, t) => lossAt(logits(b, t), id))
    expect(losses[b]).toBeCloseTo(each.reduce((sum, loss) => sum + loss, 0) / each.length, 4)
  })
})
