// Makes a program from a recorder. All passes over the recorded launches run here.
import { type Arena, Program } from '../tensor/program'
import type { Launch, Recorder } from '../tensor/recorder'
import { fuseLowRank } from './low-rank'

/** The list of launches that is replayed. */
export function finished(recorded: readonly Launch[]): Launch[] {
  return fuseLowRank(recorded)
}

/** A program of the recorded launches, ready to be prepared. `arena` grows to the size that it needs. */
export function programOf(label: string, r: Recorder, arena: Arena, maxChunkBytes: number): Program {
  return new Program(label, finished(r.launches), arena, maxChunkBytes)
}
