// Where copies of models and datasets are kept: folders of files that are read as a File, so that a large file is never in memory.
// It is in the browser's own file system (src/storage/opfs-space.ts), or in memory for tests (src/testing/memory-space.ts).

/** Every failure is a FormatError. */
export interface KeptSpace {
  /** Names of the folders. */
  folders(): Promise<string[]>
  /** The file as it is now, or undefined. */
  file(folder: string, name: string): Promise<File | undefined>
  /** Creates or replaces a file. What is there changes when the writer is closed. `what`: the file's name for people. */
  write(folder: string, name: string, what: string): Promise<SpaceWriter>
  /** Removes a folder with all its files, if it is there. */
  remove(folder: string): Promise<void>
}

interface SpaceWriter {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>
  close(): Promise<void>
  /** Leaves what was there. */
  abort(): Promise<void>
}
