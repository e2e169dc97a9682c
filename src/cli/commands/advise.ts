// tabtune advise: the time and memory of a run before it starts, with several numbers of rows at once, from a few measured steps each; or
// what fast products cost and save, from the first steps of the run with both precisions.
import { bytesText } from '../../config/bytes'
import { sentence } from '../../config/phrase'
import { type PrecisionTrial, precisions, priceOf } from '../../config/precision-trial'
import { type RunMeasure, fastestSize } from '../../config/run-measure'
import type { TrainingSettings } from '../../config/run-config'
import { Control } from '../../train/control'
import { measureRun } from '../../train/measure-run'
import { tryPrecisions } from '../../train/precision-trial'
import { openGpu } from '../open'
import type { Options } from '../options'
import { progressBar } from '../progress'
import { steerBySignal } from '../steer'
import { orWays } from '../ways'
import { requestOf } from './sweep'

function durationText(ms: number): string {
  const seconds = ms / 1000
  if (seconds < 100) return `${seconds.toPrecision(2)} s`
  return seconds < 6000 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`
}

function markdown({ sizes, end }: RunMeasure, { batchSize }: TrainingSettings): string {
  const fastest = fastestSize(sizes)
  const rows = sizes.map((size) => {
    const marks = [...(size.rows === batchSize ? ['as set'] : []), ...(size === fastest ? ['fastest'] : [])]
    const cells = [
      size.rows,
      size.accumulate,
      size.tokensPerSecond.toFixed(0),
      bytesText(size.bytes),
      size.steps,
      durationText(size.runMs),
      marks.join(', '),
    ]
    return `| ${cells.join(' | ')} |`
  })
  return [
    '| rows at once | micro-batches per step | tokens/s | GPU memory | steps | whole run | |',
    '| ---: | ---: | ---: | ---: | ---: | ---: | --- |',
    ...rows,
    ...(end ? ['', sentence(end)] : []),
    '',
  ].join('\n')
}

function precisionsMarkdown(trials: readonly PrecisionTrial[]): string {
  const failed = trials.find(({ failure }) => failure)
  const price = priceOf(trials)
  if (!price) return `${failed?.precision} products: ${failed?.failure ? sentence(failed.failure) : ''}\n`
  const { stepMs, loss, speed, gap, gapStep } = price
  return [
    '| products | time of a step | mean loss of the last steps |',
    '| --- | ---: | ---: |',
    ...precisions.map((precision) => `| ${precision} | ${stepMs[precision].toPrecision(3)} ms | ${loss[precision].toFixed(6)} |`),
    '',
    `With fast products, a step takes ${(100 / speed).toFixed(0)} % of the time. Over ${trials[0].losses.length} steps, the losses differ by at most ${gap.toExponential(1)} (step ${gapStep}).`,
    '',
  ].join('\n')
}

export async function advise(options: Options): Promise<void> {
  const gpu = await openGpu()
  const request = await requestOf(gpu, options)
  const control = new Control()
  steerBySignal(control)
  const bar = progressBar('advise')
  if (options.flag('precisions')) {
    const trials = await orWays(gpu, request, () =>
      tryPrecisions(gpu, request, {
        signal: control.stopSignal,
        onUpdate(now) {
          const { precision, losses, steps } = now.at(-1)!
          bar((now.length - 1 + losses.length / steps) / precisions.length, `${precision}, step ${losses.length}`)
        },
      }),
    )
    bar(1)
    const report = {
      trials: trials.map(({ failure, ...trial }) => ({ ...trial, ...(failure && { failure: sentence(failure) }) })),
      price: priceOf(trials),
    }
    process.stdout.write(options.flag('json') ? `${JSON.stringify(report)}\n` : precisionsMarkdown(trials))
    gpu.destroy()
    return
  }
  let measured = 0
  const found = await orWays(gpu, request, () =>
    measureRun(gpu, request, {
      sizes: true,
      signal: control.stopSignal,
      onUpdate({ sizes, now }) {
        measured = Math.max(measured, sizes.length / (sizes.length + 1))
        if (now !== undefined) bar(measured, `${now} rows at once`)
      },
    }),
  )
  bar(1)
  process.stdout.write(options.flag('json') ? `${JSON.stringify(found)}\n` : markdown(found, request.training))
  gpu.destroy()
}
