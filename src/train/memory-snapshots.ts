// Keeps the newest snapshot of a run in main memory, so that little is computed again after a loss of the device.
import { type Snapshot, bytesIn, pieceBytes } from '../storage/snapshot'
import type { RunSaver } from './keep-run'

/** Larger snapshots are left to storage. */
const mostBytes = 64 * 2 ** 20
const leastEveryMs = 2000
/** The time between two snapshots, as a multiple of what one takes: they cost at most half a percent of the time. */
const sparing = 200

/** A copy of a snapshot that no longer reads from the GPU. */
async function copied({ about, parts, read }: Snapshot): Promise<Snapshot> {
  const bytes = new Map<string, Uint8Array<ArrayBuffer>>()
  for (const { name, sizeBytes, lasting } of parts) {
    if (lasting) continue
    const whole = new Uint8Array(sizeBytes)
    for (let at = 0; at < sizeBytes; at += pieceBytes) whole.set(await read(name, at, Math.min(pieceBytes, sizeBytes - at)), at)
    bytes.set(name, whole)
  }
  const lasting = new Map(parts.map((part) => [part.name, part.lasting]))
  return {
    about,
    parts,
    read: async (name, at, sizeBytes) => lasting.get(name)?.(at, sizeBytes) ?? bytes.get(name)!.slice(at, at + sizeBytes),
  }
}

interface MemorySnapshots {
  /** The newest snapshot, if it is small enough for main memory. */
  readonly newest: Snapshot | undefined
  /** Gets all snapshots of a run. `saver` gets those that it would get by itself. */
  saver(saver?: RunSaver): RunSaver
}

export function memorySnapshots(): MemorySnapshots {
  let newest: Snapshot | undefined
  let everyMs = leastEveryMs
  let savedAt = performance.now()
  let stored = true
  return {
    get newest() {
      return newest
    },
    saver: (saver) => ({
      everySteps: saver?.everySteps,
      get everyMs() {
        return Math.min(everyMs, saver?.everyMs ?? Infinity)
      },
      get stored() {
        return stored
      },
      async take(snapshot, byTime) {
        stored = false
        const fits = bytesIn(snapshot) <= mostBytes
        const start = performance.now()
        if (fits) newest = await copied(snapshot)
        everyMs = fits ? Math.max(leastEveryMs, sparing * (performance.now() - start)) : Infinity
        if (!saver || (byTime && performance.now() - savedAt < (saver.everyMs ?? Infinity))) return
        try {
          await saver.take?.((fits && newest) || snapshot, byTime)
          stored = saver.take !== undefined
          // What is stored is newer than what was kept when the snapshot was smaller.
          if (!fits && stored) newest = undefined
        } finally {
          // Storage that failed is not tried again at once.
          savedAt = performance.now()
        }
      },
      best: saver?.best?.bind(saver),
      onProblem: (problem) => saver?.onProblem(problem),
    }),
  }
}
