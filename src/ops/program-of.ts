// From a recorder to a program: the passes over its launches run here, and nowhere else.
import { type Arena, Program } from '../tensor/program'
import type { Launch, Recorder } from '../tensor/recorder'
import { fuseLowRank } from './low-rank'

/** The list that is replayed for what was recorded. */
export function finished(recorded: readonly Launch[]): Launch[] {
  return fuseLowRank(recorded)
}

/** What was recorded, ready to be prepared and replayed; `arena` grows to what it needs. */
export function programOf(label: string, r: Recorder, arena: Arena, maxChunkBytes: number): Program {
  return new Program(label, finished(r.launches), arena, maxChunkBytes)
}
