// tabtune sweep: tries learning rates for a few steps each and suggests one. With --grid, trains whole runs at many rates, to check it.
import { type RateSweep, scoreOf, suggestedRate, sweepSteps, unstableBy } from '../../config/rate-sweep'
import { sentence } from '../../config/phrase'
import type { Gpu } from '../../gpu/gpu'
import { tokensOf, withNewTokens } from '../../peft/new-tokens'
import { methodNamed } from '../../peft/registry'
import { startingTraining } from '../../peft/rates'
import { conduct } from '../../train/conduct'
import { Control } from '../../train/control'
import { sweepRates } from '../../train/rate-sweep'
import type { RunRequest } from '../../train/run-request'
import { openGpu, openLoaded, openRows } from '../open'
import type { Options } from '../options'
import { pictureRequestOf, refuseText, seesPictures } from '../picture-rows'
import { progressBar, runBar } from '../progress'
import { dataOfRun } from '../replayed-rows'
import { steerBySignal } from '../steer'
import { orWays } from '../ways'
import { chosenRun } from './train'

/** One rate of the grid: the whole run's perplexity, or why there is none. */
interface GridRow {
  rate: number
  perplexity?: number
  failure?: string
}

/** Steps of the grid per decade, and decades on each side of the rate in the middle. */
const [perDecade, decades] = [4, 1.5]

/** The run that the options describe, as `train` would train it. */
export async function requestOf(gpu: Gpu, options: Options): Promise<RunRequest> {
  if (await seesPictures(options)) {
    refuseText(options, ['method', 'init', 'eval', 'hold-out', 'shots', 'grid', 'json'])
    return pictureRequestOf(gpu, options, chosenRun)
  }
  const named = options.need('method')
  const loaded = await openLoaded(gpu, options, methodNamed(named).bases[0] ?? 'native')
  const { chosen, initial } = await chosenRun(options, loaded)
  const { like, ...about } = chosen
  const model = withNewTokens(loaded, tokensOf(about))
  const { maxLength, seed } = about.training
  const holdOut = options.number('hold-out')
  const files = await dataOfRun(options, { holdOut, seed })
  const rows = await openRows(model, options, { maxLength, seed, holdOut, like }, files)
  return { ...about, model, rows, initial }
}

function gridRates(start: number, suggested: number | undefined): number[] {
  const last = decades * perDecade
  const rates = Array.from({ length: 2 * last + 1 }, (_, i) => Number((start * 10 ** ((i - last) / perDecade)).toPrecision(2)))
  return [...new Set([...rates, ...(suggested === undefined ? [] : [suggested])])].sort((a, b) => a - b)
}

/** Whole runs, as the options say, at each rate. A stop keeps the rows so far. */
async function grid(gpu: Gpu, request: RunRequest, rates: readonly number[], control: Control): Promise<GridRow[]> {
  const rows: GridRow[] = []
  for (const rate of rates) {
    if (control.stopped) break
    const bar = runBar(`rate ${rate}`)
    const ignore = (): void => undefined
    const training = { ...request.training, learningRate: rate, evalEvery: 0 }
    const done = await conduct(gpu, { ...request, training }, control, {
      onProgress: bar.progress,
      onStep: bar.step,
      onEval: ignore,
      onPaused: ignore,
    })
    bar.end()
    const { failure } = done.outcome
    rows.push({ rate, ...(failure ? { failure: sentence(failure.phrase) } : { perplexity: done.evals.at(-1)?.evalPerplexity }) })
  }
  return rows
}

function sweepMarkdown({ trials }: RateSweep): string {
  const rows = trials
    .toSorted((a, b) => a.rate - b.rate)
    .map((trial) => {
      const why = unstableBy(trial, trials)
      return `| ${trial.rate} | ${Number.isFinite(scoreOf(trial)) ? scoreOf(trial).toFixed(3) : '–'} | ${why ? `unstable: ${sentence(why)}` : ''} |`
    })
  const found = suggestedRate(trials)
  const words = found
    ? `Suggested rate: ${found.rate}. ${sentence(found.reason)}`
    : 'No rate is stable. Clip the gradient, or try another method.'
  return ['| rate | mean loss at the end | |', '| ---: | ---: | --- |', ...rows, '', words, ''].join('\n')
}

function gridMarkdown(rows: readonly GridRow[], suggested: number | undefined): string {
  const known = rows.flatMap(({ perplexity }) => (perplexity !== undefined && Number.isFinite(perplexity) ? [perplexity] : []))
  const best = Math.min(...known)
  const line = ({ rate, perplexity, failure }: GridRow): string => {
    const marks = [...(rate === suggested ? ['suggested'] : []), ...(perplexity === best ? ['best'] : [])]
    return `| ${rate} | ${perplexity?.toFixed(3) ?? failure ?? '–'} | ${perplexity === undefined ? '' : `+ ${((perplexity / best - 1) * 100).toFixed(1)} %`} | ${marks.join(', ')} |`
  }
  return ['| rate | perplexity | above the best | |', '| ---: | ---: | ---: | --- |', ...rows.map(line), ''].join('\n')
}

export async function sweep(options: Options): Promise<void> {
  const gpu = await openGpu()
  const request = await requestOf(gpu, options)
  const control = new Control()
  steerBySignal(control)
  const { method, model, training } = request
  const start = startingTraining(method, model.plan.parameters).learningRate ?? training.learningRate
  const bar = progressBar('sweep')
  const found = await orWays(gpu, request, () =>
    sweepRates(gpu, request, {
      signal: control.stopSignal,
      onUpdate({ trials, left }) {
        const { rate, losses } = trials.at(-1)!
        bar((trials.length - 1 + losses.length / sweepSteps) / (trials.length + left), `rate ${rate}, step ${losses.length}`)
      },
    }),
  )
  bar(1)
  const suggestion = suggestedRate(found.trials)
  const rows = options.flag('grid') ? await grid(gpu, request, gridRates(start, suggestion?.rate), control) : undefined
  const report = { ...found, suggestion: suggestion && { ...suggestion, reason: sentence(suggestion.reason) }, grid: rows }
  const text = sweepMarkdown(found) + (rows ? `\n${gridMarkdown(rows, suggestion?.rate)}` : '')
  process.stdout.write(options.flag('json') ? `${JSON.stringify(report)}\n` : text)
  gpu.destroy()
}
