// A run whose loss or gradient stops being a number: the engine holds the adapter as it was before that step, and hands out its files.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { sentence } from '../config/phrase'
import { parseSettings } from '../config/field'
import { defaultTraining } from '../config/run-config'
import { methodNamed } from '../peft/registry'
import { memoryFolders } from '../testing/memory-folder'
import { noTunings } from '../testing/no-tunings'
import { saying } from '../testing/saying'
import { oneDeviceGpu } from '../testing/one-device'
import { directRenderer } from '../tokenizer/template-renderer'
import type { AdapterFiles } from '../config/run-reports'
import type { Result, TrainEvent } from './api'
import { Engine } from './engine'

const demo = resolve(import.meta.dirname, '../../public/demo')
const names = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json']
const fileOf = (name: string) => ({ path: `demo/${name}`, file: new File([new Uint8Array(readFileSync(join(demo, name)))], name) })

async function unwrapped<T>(result: Promise<Result<T>>): Promise<T> {
  const got = await result
  if (!got.ok) throw new Error(sentence(got.error.phrase))
  return got.value
}

test('the adapter of a run that ends in NaN is the one before that step', { timeout: 120_000 }, async () => {
  const engine = new Engine({ gpu: await oneDeviceGpu(), renderer: directRenderer, tunings: noTunings, folders: memoryFolders() })
  await unwrapped(engine.loadModel(names.map(fileOf), 'native', () => undefined))
  const options = { format: 'auto', trainOn: 'completion', holdOut: 0, skipBadLines: false, seed: 0 } as const
  await unwrapped(engine.loadData(fileOf('train.jsonl'), undefined, options, 64, () => undefined))
  const methodSettings = parseSettings('lora', methodNamed('lora').fields, {})
  // Steps that are far too long: weights grow a hundredfold in each.
  const wild = { batchSize: 1, maxLength: 64, learningRate: 10, weightDecay: 10, warmup: 0, clip: 0, schedule: 'constant' } as const
  const trained = async (runId: string, steps: number, more: Partial<typeof wild> | object = {}) => {
    const events: TrainEvent[] = []
    const config = { method: 'lora', methodSettings, training: defaultTraining({ ...wild, steps, ...more }) }
    const result = await engine.train(runId, config, (some) => events.push(...some))
    return { result, steps: events.filter((e) => e.type === 'step').length }
  }
  const weights = ({ files }: AdapterFiles) => files.find((f) => f.path === 'adapter_model.safetensors')!.bytes

  const failed = await trained('wild', 40)
  expect(failed.steps).toBeGreaterThan(0)
  expect(failed.result).toMatchObject({
    ok: false,
    error: {
      phrase: saying(
        new RegExp(
          `^Training stopped at step ${failed.steps + 1}: the .+ is .+\\. The weights are as they were before this step\\. Lower the learning rate, or clip the gradient\\.$`,
        ),
      ),
    },
  })
  const kept = await unwrapped(engine.adapterFiles('wild'))
  expect(kept.files.map((f) => f.path)).toEqual(
    expect.arrayContaining(['adapter_config.json', 'adapter_model.safetensors', 'metrics.jsonl']),
  )
  // Reading refuses what is not finite.
  await unwrapped(engine.restoreAdapter('again', kept))

  const good = await trained('good', failed.steps)
  expect(good.result.ok).toBe(true)
  expect(Buffer.compare(weights(kept), weights(await unwrapped(engine.adapterFiles('good'))))).toBe(0)
  const clipped = await trained('clipped', 40, { clip: 1e6 })
  expect(clipped.result).toMatchObject({
    ok: false,
    error: { phrase: saying(/step\. Lower the learning rate\.$/) },
  })
})
