// What a device did in a benchmark of real models, as a file. tabtune devices makes a row of docs/devices.md from it.
import type { BenchModel } from './bench-models'
import type { BenchCeilings, BenchReport } from './bench-report'
import { sentence } from './phrase'

export interface DeviceFile {
  tabtuneDevice: 1
  /** What a person calls the device; empty if nobody said. */
  device: string
  /** Year, month and day in UTC: 2026-11-30. */
  date: string
  /** The names that WebGPU gives. */
  adapter: string
  /** Browser or program. */
  machine: string
  ceilings: BenchCeilings
  measured: BenchModel[]
  /** Why a model was not measured, in English. */
  leftOut: (Pick<BenchModel, 'workload' | 'batch' | 'length' | 'precision'> & { reason: string })[]
}

export const deviceFileName = 'tabtune-device.json'
/** Most characters of a device's own name, of WebGPU's names for it, and of the name of a browser. */
export const mostDeviceName = 80
export const mostAdapterName = 200
export const mostMachineName = 400
/** Characters that have a meaning in a table of Markdown. They are not in a file. */
export const tableCharacters = '\\p{Cc}|<>`\\[\\]'

const plain = (text: string, most: number): string =>
  text
    .replace(new RegExp(`[${tableCharacters}]+`, 'gu'), ' ')
    .trim()
    .slice(0, most)

/** The file of a report; undefined if it has no model. */
export function deviceFile({ adapter, machine, ceilings, models }: BenchReport, device: string, at: Date): DeviceFile | undefined {
  if (!ceilings || !models?.measured.length) return undefined
  return {
    tabtuneDevice: 1,
    device: plain(device, mostDeviceName),
    date: at.toISOString().slice(0, 10),
    adapter: plain(adapter, mostAdapterName),
    machine: plain(machine, mostMachineName),
    ceilings,
    measured: models.measured,
    leftOut: models.leftOut.map((one) => ({ ...one, reason: sentence(one.reason) })),
  }
}

/** The file's text. Numbers have four digits, which is more than a measurement is good for. */
export function deviceFileText(file: DeviceFile): string {
  const rounded = (_key: string, value: unknown) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value
  return `${JSON.stringify(file, rounded, 2)}\n`
}
