// Sizes as people write and read them.
import { FormatError } from './errors'
import { say } from './phrase'

const units: Readonly<Record<string, number>> = { KB: 1e3, MB: 1e6, GB: 1e9, KIB: 2 ** 10, MIB: 2 ** 20, GIB: 2 ** 30 }

/** Bytes with about three digits: 1.25 GiB, 310.4 MiB. */
export function bytesText(bytes: number): string {
  return bytes >= 2 ** 30 ? `${(bytes / 2 ** 30).toFixed(2)} GiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`
}

/** Bytes from 2GB, 900 MiB and the like. @throws FormatError naming `where` */
export function bytesFromText(where: string, text: string): number {
  const [, number, unit] = /^\s*(\d+(?:\.\d+)?)\s*([kmg]i?b)\s*$/i.exec(text) ?? []
  if (unit === undefined)
    throw new FormatError(
      say`${where}: expected a size such as 2GB or 900MiB, got ${text}. Give a number with KB, MB, GB, KiB, MiB or GiB.`,
    )
  return Number(number) * units[unit.toUpperCase()]
}
