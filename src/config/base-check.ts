// What was found when the base on the GPU was compared with what was uploaded.

export interface BaseCheck {
  /** SHA-256 over the bytes of all tensors as the GPU has them now. */
  sum: string
  /** Tensors that were compared: those of the experts of a block are one. */
  tensors: number
  sizeBytes: number
  timeMs: number
  /** Names of tensors whose bytes differ from those that were uploaded. */
  changed: string[]
  /** Tensors that left the GPU, because a run trained a copy of its own in their place, and were read from the file again. */
  putBack: number
  /** The whole model was uploaded again after it was opened. The comparison is with that upload. */
  reloaded: boolean
}
