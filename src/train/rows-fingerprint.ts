// The fingerprint of a run's rows. A snapshot belongs to one dataset.
import { sha256Text } from '../config/sha256'
import type { RunRows } from '../data/run-rows'
import { checksum } from '../storage/checksum'

/** Numbers whose checksum is taken at once. */
const numbersAtOnce = 2 ** 20

/** Of the tokens, targets and pictures of all rows in their order, as a run with `maxLength` cuts them. */
export async function rowsFingerprint({ dataset, train, evalDataset, eval: held }: RunRows, maxLength: number): Promise<string> {
  const sums: string[] = []
  const numbers = new Int32Array(numbersAtOnce)
  let filled = 0
  const flush = async () => {
    sums.push(await checksum(new Uint8Array(numbers.slice(0, filled).buffer)))
    filled = 0
  }
  for (const [source, rows] of [
    [dataset, train],
    [evalDataset, held],
  ] as const)
    for (const row of rows) {
      const { ids, trained, labels } = source.example(row, maxLength)
      for (const [t, id] of ids.entries()) {
        if (filled + 2 > numbersAtOnce) await flush()
        numbers[filled++] = id * 2 + trained[t]
        numbers[filled++] = labels?.[t] ?? -1
      }
      const mark = await source.mark?.(row)
      if (mark !== undefined) sums.push(mark)
      if (filled === numbersAtOnce) await flush()
      // Ends the row, so that the same tokens in other rows have another fingerprint.
      numbers[filled++] = -2
    }
  await flush()
  return sha256Text(JSON.stringify([train.length, held.length, sums]))
}
