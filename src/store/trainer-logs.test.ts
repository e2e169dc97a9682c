// Logs of other trainers, in the words that transformers 5.6 and LLaMA-Factory 0.9.5 write.
import { expect, it } from 'vitest'
import { sentence } from '../config/phrase'
import type { TrainEvent } from '../worker/api'
import { runOfFiles } from './run-files'
import { takeAdapters } from './route-adapters'

const state = `{
  "best_metric": null,
  "global_step": 3,
  "log_history": [
    {"epoch": 0, "eval_loss": 2.0, "eval_runtime": 1.5, "step": 0},
    {"epoch": 0.33, "grad_norm": 1.25, "learning_rate": 0.0, "loss": 5.5, "step": 1},
    {"epoch": 0.66, "grad_norm": NaN, "learning_rate": 0.001, "loss": 4.5, "step": 2},
    {"epoch": 1.0, "grad_norm": 0.5, "learning_rate": 0.0005, "loss": Infinity, "step": 3},
    {"epoch": 1.0, "eval_loss": 1.0, "eval_runtime": 1.5, "step": 3},
    {"epoch": 1.0, "step": 3, "total_flos": 12.0, "train_loss": 5.0, "train_runtime": 7.5}
  ],
  "max_steps": 3, "trial_name": "a \\"NaN\\", quoted: NaN"
}`
const log = [
  { current_steps: 1, total_steps: 3, loss: 5.5, lr: 0, epoch: 0.33, percentage: 33.3, elapsed_time: '0:00:02' },
  { current_steps: 2, total_steps: 3, loss: 9, lr: 0.001, elapsed_time: '0:00:04' },
  // Resumed from the first step.
  { current_steps: 2, total_steps: 3, loss: 4.5, lr: 0.001, elapsed_time: '0:00:03' },
  { current_steps: 3, total_steps: 3, loss: 4, lr: 0.0005, elapsed_time: '1 day, 2:03:04' },
  { current_steps: 3, total_steps: 3, eval_loss: 1 },
  { current_steps: 3, total_steps: 3, epoch: 1, percentage: 100, elapsed_time: '1 day, 2:03:04' },
]
const folder = (files: Record<string, string>) => ({
  files: Object.entries(files).map(([path, text]) => ({ path, bytes: new TextEncoder().encode(text) })),
})
const seen = (events: readonly TrainEvent[]) =>
  events.map((event) => {
    if (event.type === 'step') return [event.metrics.step, event.metrics.steps, event.metrics.loss, event.metrics.elapsedMs]
    return event.type === 'eval' ? ['eval', event.metrics.step, event.metrics.evalLoss] : []
  })

it('reads a Trainer’s state, with what Python writes for numbers that are not finite', () => {
  const { events, problem } = runOfFiles(folder({ 'trainer_state.json': state, 'trainer_log.jsonl': 'not read' }))
  expect(problem).toBeUndefined()
  expect(seen(events)).toEqual([
    ['eval', 0, 2],
    [1, 3, 5.5, NaN],
    [2, 3, 4.5, NaN],
    [3, 3, NaN, 7500],
    ['eval', 3, 1],
  ])
  expect(events[2]).toMatchObject({ metrics: { gradNorm: NaN, learningRate: 0.001, totalTokens: NaN } })
})

it('reads LLaMA-Factory’s log, where the later entry of a step counts', () => {
  const { events } = runOfFiles(folder({ 'trainer_log.jsonl': `${log.map((line) => JSON.stringify(line)).join('\n')}\n` }))
  expect(seen(events)).toEqual([
    [1, 3, 5.5, 2000],
    [2, 3, 4.5, 3000],
    [3, 3, 4, 93_784_000],
    ['eval', 3, 1],
  ])
})

it('takes our own curve where there is one, and names a log that is none', () => {
  const own = '{"step":0,"evalLoss":3}\n'
  expect(seen(runOfFiles(folder({ 'metrics.jsonl': own, 'trainer_state.json': state })).events)).toEqual([['eval', 0, 3]])
  const { events, problem } = runOfFiles(folder({ 'trainer_state.json': '{"step": 1}' }))
  expect(events).toEqual([])
  expect(sentence(problem!)).toMatch(/^trainer_state\.json is not a record of a run/)
})

it('leaves out a last line that was not written to its end, and names any other line that is broken', () => {
  const [ours, theirs] = ['{"step":0,"evalLoss":3}', JSON.stringify(log[0])]
  for (const [path, line] of [
    ['metrics.jsonl', ours],
    ['trainer_log.jsonl', theirs],
  ] as const) {
    const read = (text: string) => {
      const { events, problem } = runOfFiles(folder({ [path]: text }))
      return [events.length, problem && sentence(problem)]
    }
    expect(read(`${line}\n${line}`)).toEqual([path === 'metrics.jsonl' ? 2 : 1, undefined])
    expect(read(`${line}\n${line.slice(0, 9)}`)).toEqual([1, `The last line of ${path} is incomplete and was left out.`])
    const broken = (got: string) =>
      `${path}, line 2: expected a step or an evaluation as JSON, got ${got}. The adapter is imported without its curves. Correct the line and drop the folder again to have them.`
    expect(read(`${line}\n${line.slice(0, 9)}\n`)).toEqual([0, broken(line.slice(0, 9))])
    expect(read(`${line}\n${line.slice(0, 9)}\n${line}\n`)).toEqual([0, broken(line.slice(0, 9))])
    expect(read(`${line}\n{"step":"one"}`)).toEqual([0, broken('{"step":"one"}')])
  }
})

it('takes the adapter at the end of a run, or its last checkpoint, with the newest log; and no checkpoint for another adapter', () => {
  const routed = (...paths: string[]) => {
    const { adapters, older, rest } = takeAdapters(paths.map((path) => ({ path, file: new File([], path) })))
    const names = (files: { path: string }[]) => files.map(({ path }) => path)
    return { adapters: adapters.map(names), older: names(older), rest: names(rest) }
  }
  const adapter = (at: string) => [`${at}/adapter_config.json`, `${at}/adapter_model.safetensors`]
  const logged = (at: string) => [...adapter(at), `${at}/trainer_state.json`]
  // axolotl: config.json of the base beside the adapter, and the log in its checkpoints only.
  const axolotl = [...adapter('out'), 'out/config.json']
  expect(routed(...axolotl, ...logged('out/checkpoint-9'), ...logged('out/checkpoint-10'))).toEqual({
    adapters: [[...axolotl, 'out/checkpoint-10/trainer_state.json']],
    older: [...logged('out/checkpoint-9'), ...adapter('out/checkpoint-10')],
    rest: [],
  })
  expect(routed(...logged('checkpoint-9'), ...logged('checkpoint-10'))).toMatchObject({ adapters: [logged('checkpoint-10')] })
  expect(routed(...logged('a'), ...logged('a/checkpoint-9'), ...logged('b'))).toMatchObject({ adapters: [logged('a'), logged('b')] })
  const model = [...adapter('m'), 'm/config.json', 'm/model.safetensors']
  expect(routed(...model)).toEqual({ adapters: [], older: [], rest: model })
})
