// What storage keeps of a run while it trains.

/** The bytes of a run at one step, and what they mean. Storage keeps it without knowing what is inside. A snapshot just taken reads from the GPU; a kept one reads from a file. */
export interface Snapshot {
  /** Plain data that JSON can hold. Storage does not look into it. */
  about: unknown
  parts: readonly { name: string; sizeBytes: number }[]
  /** `sizeBytes` bytes (at most 16 MiB) of a part, from `at`. @throws FormatError if the stored bytes have changed */
  read(name: string, at: number, sizeBytes: number): Promise<Uint8Array<ArrayBuffer>>
}
