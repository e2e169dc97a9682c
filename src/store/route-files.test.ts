import { describe, expect, it } from 'vitest'
import type { PickedFile } from '../worker/api'
import { routeFiles } from './route-files'

function picked(path: string, content = '{}'): PickedFile {
  return { path, file: new File([content], path.split('/').pop() ?? path) }
}

async function route(...paths: string[]): Promise<{ model: string[]; train?: string; evaluation?: string; ignored: string[] }> {
  const routed = await routeFiles(paths.map((p) => picked(p)))
  return {
    model: routed.model.map((f) => f.path),
    train: routed.train?.path,
    evaluation: routed.evaluation?.path,
    ignored: routed.ignored.map((f) => f.path),
  }
}

describe('routeFiles', () => {
  it('knows a GGUF file and a dataset dropped together', async () => {
    expect(await route('m.gguf', 'rows.jsonl')).toEqual({ model: ['m.gguf'], train: 'rows.jsonl', evaluation: undefined, ignored: [] })
  })
  it('keeps every JSON of a model folder with the model, and JSONL out of it', async () => {
    const routed = await route('m/config.json', 'm/model.safetensors', 'm/tokenizer.json', 'm/quantize_config.json', 'm/train.jsonl')
    expect(routed.model).toEqual(['m/config.json', 'm/model.safetensors', 'm/tokenizer.json', 'm/quantize_config.json'])
    expect(routed.train).toBe('m/train.jsonl')
  })
  it('keeps the files beside the weights of a model that was trained here, including its curves', async () => {
    const own = ['m/config.json', 'm/model.safetensors', 'm/tabtune.json', 'm/run.json', 'm/metrics.jsonl']
    expect(await route(...own)).toEqual({ model: own, train: undefined, evaluation: undefined, ignored: [] })
  })
  it('takes loose model files by name and other JSON as data', async () => {
    expect(await route('config.json', 'model.safetensors', 'tokenizer.json', 'alpaca.json')).toEqual({
      model: ['config.json', 'model.safetensors', 'tokenizer.json'],
      train: 'alpaca.json',
      evaluation: undefined,
      ignored: [],
    })
  })
  it('tells training from held-out files by their names', async () => {
    expect(await route('viggo.validation.jsonl', 'viggo.train.jsonl')).toMatchObject({
      train: 'viggo.train.jsonl',
      evaluation: 'viggo.validation.jsonl',
    })
    expect(await route('contest.jsonl')).toMatchObject({ train: 'contest.jsonl', evaluation: undefined })
  })
  it('ignores hidden files and files that it cannot read', async () => {
    const routed = await routeFiles([picked('.DS_Store', 'x'), picked('photo.png', '\x89PNG'), picked('m.gguf')])
    expect(routed.ignored.map((f) => f.path)).toEqual(['.DS_Store', 'photo.png'])
  })
  it('looks inside a file whose name says nothing', async () => {
    const routed = await routeFiles([picked('weights.bin', 'GGUF\x03'), picked('rows.txt', '\n {"text": "a"}')])
    expect(routed.model.map((f) => f.path)).toEqual(['weights.bin'])
    expect(routed.train?.path).toBe('rows.txt')
  })
  it('takes tables, Parquet and what is in gzip as data; text only where nothing else is', async () => {
    for (const name of ['a.csv', 'a.tsv', 'a.parquet', 'a.csv.gz', 'a.txt', 'a.md'])
      expect(await routeFiles([picked(name, 'a')])).toMatchObject({ train: { path: name }, ignored: [] })
    expect((await routeFiles([picked('notes.md', 'a'), picked('a.csv', 'a')])).train?.path).toBe('a.csv')
    expect((await routeFiles([picked('README.md', 'a')])).train).toBeUndefined()
    expect((await routeFiles([picked('notes.txt', 'a'), picked('m.gguf')])).ignored.map((f) => f.path)).toEqual(['notes.txt'])
  })
  it('tells adapters from models, in folders and as loose files', async () => {
    const adapters = async (...paths: string[]) => {
      const routed = await routeFiles(paths.map((p) => picked(p)))
      return {
        adapters: routed.adapters.map((group) => group.map((f) => f.path)),
        model: routed.model.map((f) => f.path),
        train: routed.train?.path,
      }
    }
    const [config, weights] = ['adapter_config.json', 'adapter_model.safetensors']
    expect(await adapters(`a/${config}`, `a/${weights}`, 'a/tokenizer.json', `b/${config}`, 'b/adapter.safetensors', 'rows.jsonl')).toEqual(
      {
        adapters: [
          [`a/${config}`, `a/${weights}`, 'a/tokenizer.json'],
          [`b/${config}`, 'b/adapter.safetensors'],
        ],
        model: [],
        train: 'rows.jsonl',
      },
    )
    expect(await adapters(config, weights, 'base.gguf')).toEqual({ adapters: [[config, weights]], model: ['base.gguf'], train: undefined })
    const whole = ['m/config.json', 'm/model.safetensors', `m/${config}`]
    expect(await adapters(...whole)).toEqual({ adapters: [], model: whole, train: undefined })
  })
  it('takes of an exported run only what an engine has trained, and says if none has', async () => {
    const sent = ['settings.json', 'README.md', 'data/train.jsonl', 'data/eval.jsonl', 'data/order.jsonl']
    const start = ['start/adapter_config.json', 'start/adapter_model.safetensors', 'base/config.json', 'base/model.safetensors']
    const before = ['axolotl/run.yaml', 'llama-factory/result/tabtune.json', 'llama-factory/result/run.json']
    const all = [...sent, ...start, ...before]
    const routed = async (top: string, ...more: string[]) => {
      const { adapters, model, train, evaluation, untrained } = await routeFiles([...all, ...more].map((path) => picked(top + path)))
      return {
        adapters: adapters.map((one) => one.map(({ path }) => path)),
        others: [...model, train, evaluation].filter(Boolean),
        untrained,
      }
    }
    const unfinished = ['accelerate/result/checkpoint/model.safetensors', 'llama-factory/result/training_args.bin']
    for (const [top, name] of [
      ['', 'settings.json'],
      ['a/mine/', 'mine'],
    ] as const)
      expect(await routed(top, ...unfinished)).toEqual({ adapters: [], others: [], untrained: [name] })
    const adapter = (at: string) => [`${at}/adapter_config.json`, `${at}/adapter_model.safetensors`]
    const trained = [...adapter('llama-factory/result'), 'llama-factory/result/trainer_state.json', ...adapter('ray/result')]
    const home = (engine: string, ...more: string[]) => [...more.map((file) => `mine ${engine}/${file}`), ...adapter(`mine ${engine}`)]
    expect(await routed('mine/', ...trained)).toEqual({
      adapters: [[...home('llama-factory', 'tabtune.json', 'run.json'), 'mine llama-factory/trainer_state.json'], home('ray')],
      others: [],
      untrained: [],
    })
    // The adapter of a PiSSA run is the one that was made a plain one.
    const pissa = await routed('mine/', ...adapter('llama-factory/result'), ...adapter('llama-factory/result/pissa_converted'))
    expect(pissa).toMatchObject({ adapters: [home('llama-factory', 'tabtune.json', 'run.json')], others: [] })
  })
})
