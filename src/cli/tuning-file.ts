// Keeps the kernel tunings of devices in a file in the user's cache folder.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { TuningStore } from '../measure/tune'

const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'tabtune')
const path = join(folder, 'tuning.json')

async function all(): Promise<Record<string, unknown>> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>
  } catch {
    return {}
  }
}

export const tuningFile: TuningStore = {
  get: async (key) => (await all())[key],
  async set(key, tuning) {
    try {
      await mkdir(folder, { recursive: true })
      await writeFile(path, JSON.stringify({ ...(await all()), [key]: tuning }, null, 2))
    } catch {
      // The device is tuned again next time.
    }
  },
}
