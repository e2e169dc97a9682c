// Damages a file on the disk.
import { readFile, writeFile } from 'node:fs/promises'

/** Flips a bit of the file, or cuts off its end. Says which. */
export async function damage(path: string, random: () => number): Promise<string> {
  const bytes = await readFile(path)
  const at = Math.floor(random() * bytes.length)
  if (random() < 0.5) {
    bytes[at] ^= 1 << Math.floor(random() * 8)
    await writeFile(path, bytes)
    return `flipped a bit of byte ${at}`
  }
  await writeFile(path, bytes.subarray(0, at))
  return `cut at byte ${at}`
}
