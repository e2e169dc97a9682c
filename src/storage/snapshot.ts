// What a run needs so that it can be resumed: the seam between training, which makes snapshots and reads them, and storage, which keeps them.

/** The bytes of a run at one step, and what they mean. A snapshot that was just taken reads from the GPU; a stored one reads from a file. */
export interface Snapshot {
  /** Plain data that JSON can hold. Storage does not look into it. */
  about: unknown
  parts: readonly SnapshotPart[]
  /** `sizeBytes` bytes (at most `pieceBytes`) of a part, from `at`. @throws FormatError if the stored bytes have changed */
  read(name: string, at: number, sizeBytes: number): Promise<Uint8Array<ArrayBuffer>>
}

/** Names match [a-z0-9-]+. */
export interface SnapshotPart {
  name: string
  sizeBytes: number
  /** Reads bytes that never change, so that a copy of the snapshot needs no copy of them. Absent = they may change when a step is taken. */
  lasting?(at: number, sizeBytes: number): Uint8Array<ArrayBuffer>
}

/** Bytes of all parts together. */
export const bytesIn = ({ parts }: { parts: readonly Pick<SnapshotPart, 'sizeBytes'>[] }): number =>
  parts.reduce((sum, part) => sum + part.sizeBytes, 0)

/** Most bytes of a part that are read at once: a large snapshot never lies in main memory as a whole. */
export const pieceBytes = 16 * 2 ** 20
