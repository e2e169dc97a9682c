// The trained values at a run's best evaluation, kept in main memory so that a run with early stopping can end with them.
import type { Gpu } from '../gpu/gpu'
import { type Snapshot, pieceBytes } from '../storage/snapshot'
import { type KeptPart, inMemory } from './kept-parts'
import type { Run } from './run'
import { readBytes } from './run-snapshot'

/** The names of their parts in a snapshot of the run, which needs them to be resumed. */
const partName = (name: string): string => `best-${name}`

export class BestWeights {
  private kept: { name: string; host: Uint8Array<ArrayBuffer> }[] = []

  constructor(private readonly run: Run) {}

  /** The buffers of all trained values, without states of the optimizer. */
  private get values(): KeptPart[] {
    return this.run.session.kept.filter(({ name }) => name.startsWith('values-'))
  }

  /** What snapshots keep of them. The bytes never change: newer ones are other arrays. */
  get parts(): KeptPart[] {
    return this.kept.map(({ name, host }) => ({
      ...inMemory({ name: partName(name), host }),
      lasting: (at: number, sizeBytes: number) => host.subarray(at, at + sizeBytes),
    }))
  }

  /** Keeps the values as they are now. No step may be under way. */
  async take(gpu: Gpu): Promise<void> {
    const kept: typeof this.kept = []
    for (const { name, sizeBytes, read } of this.values) {
      const host = new Uint8Array(sizeBytes)
      for (let at = 0; at < sizeBytes; at += pieceBytes) host.set(await read(gpu, at, Math.min(pieceBytes, sizeBytes - at)), at)
      kept.push({ name, host })
    }
    this.kept = kept
  }

  /** Puts the kept values back. Returns whether there were any. */
  restore(gpu: Gpu): boolean {
    const values = new Map(this.values.map((part) => [part.name, part]))
    for (const { name, host } of this.kept)
      for (let at = 0; at < host.length; at += pieceBytes) values.get(name)!.write(gpu, at, host.slice(at, at + pieceBytes))
    return this.kept.length > 0
  }

  /** Takes the values that a snapshot of the run has kept. */
  async resume(snapshot: Snapshot): Promise<void> {
    const sizes = new Map(snapshot.parts.map(({ name, sizeBytes }) => [name, sizeBytes]))
    this.kept = []
    for (const { name, sizeBytes } of this.values)
      if (sizes.get(partName(name)) === sizeBytes) this.kept.push({ name, host: await readBytes(snapshot, partName(name), 0, sizeBytes) })
  }
}
