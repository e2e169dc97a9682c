// A source of bytes: a File in the browser, a path in Node, an array in tests.

export interface ByteSource {
  /** Path in the dropped or named files, with forward slashes: `model-00001-of-00002.safetensors`, `sub/config.json`. */
  readonly name: string
  readonly sizeBytes: number
  /** Bytes [offset, offset + length). Throws a FormatError if the source ends before. */
  read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>
}
