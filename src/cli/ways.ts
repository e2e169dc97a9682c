// What would make a run fit that does not, as options of the command line.
import { bytesText } from '../config/bytes'
import { DeviceError, ShapeError } from '../config/errors'
import { sentence } from '../config/phrase'
import { trainingFields } from '../config/run-config'
import type { WayToFit } from '../config/run-reports'
import type { Gpu } from '../gpu/gpu'
import { DeviceRoom } from '../train/device-room'
import type { RunRequest } from '../train/run-request'
import { waysToFit } from '../train/ways-to-fit'
import { optionOf } from './options'

/** The options that make the change: `--optimizer adamw-8bit`. */
function optionsOf({ training = {}, methodSettings = {}, method, base }: WayToFit['change']): string {
  const given = new Map(Object.entries(training))
  return [
    ...trainingFields
      .filter(({ key }) => given.has(key))
      .map((field) => `--${optionOf(field)} ${String(given.get(field.key))}${field.key === 'memoryBudget' ? 'MiB' : ''}`),
    ...Object.entries(methodSettings).map(([key, value]) => `--set ${key}=${String(value).replaceAll(' ', '')}`),
    ...(method === undefined ? [] : [`--method ${method}`]),
    ...(base === undefined ? [] : [`--base ${base}`]),
  ].join(' ')
}

/** One line for each change that would make the run fit. */
function wayLine({ words, price, bytes, change }: WayToFit): string {
  return `  ${optionsOf(change)}  (${sentence(words)}: takes at least ${bytesText(bytes)}. ${sentence(price)})`
}

/** Trains, and prints what would make the run fit if it does not. @throws what `train` throws */
export async function orWays<T>(gpu: Gpu, request: RunRequest, train: () => Promise<T>): Promise<T> {
  try {
    return await train()
  } catch (error) {
    const refused = error instanceof DeviceError
    if ((refused || error instanceof ShapeError) && error.settings.includes('memoryBudget')) {
      const ways = await waysToFit({ profile: gpu.profile, room: new DeviceRoom(gpu) }, request, refused)
      if (ways.length) process.stderr.write(`Each of these options makes the run fit:\n${ways.map(wayLine).join('\n')}\n`)
    }
    throw error
  }
}
