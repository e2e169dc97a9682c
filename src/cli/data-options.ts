// How rows become examples, from the command line.
import { type DataOptions, defaultDataOptions } from '../config/data-options'
import type { Options } from './options'

/** As on the page where nothing is given, but for `holdOut`: no row is held out unless that is asked for. */
export function dataOptionsOf(options: Options, maxLength: number, seed: number, holdOut: number): DataOptions {
  return {
    ...defaultDataOptions,
    format: (options.text('format') ?? defaultDataOptions.format) as DataOptions['format'],
    trainOn: (options.text('train-on') ?? defaultDataOptions.trainOn) as DataOptions['trainOn'],
    maxLength,
    holdOut,
    skipBadLines: options.flag('skip-bad'),
    taskDescription: options.text('task'),
    seed,
  }
}
