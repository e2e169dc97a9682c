// What a part of `npm run endure` is: many cases of one kind of failure, made from a seed.

export interface EndureOptions {
  count: number
  /** Case `i` is made from `seed + i` alone, so that it can be run again by itself. */
  seed: number
  /** Whether this is the sample of `npm test`: such cases may be shorter. */
  sample: boolean
  /** Where the built page is served, for parts that need it. */
  address: string
  /** Says how many cases are done. A part that says nothing for ten minutes is ended. */
  report(done: number): void
}

export interface EndureFailure {
  /** Number of the case, from 0. */
  case: number
  problem: string
}

export interface EndureResult {
  /** Measured figures with their units, such as `median recovery 309 ms`. */
  figures: readonly string[]
  failures: readonly EndureFailure[]
  /** Why nothing was tested: a file that is absent here, for example. */
  skipped?: string
}

/** A file in e2e/endure that exports one of these as `part` takes part in `npm run endure`. */
export interface EndurePart {
  /** The file's name. */
  name: string
  /** What the cases show when none fails. */
  shows: string
  /** What is counted, in the plural: `kills`. */
  unit: string
  /** Number of cases in `npm test`, in `npm run endure` and with `--long`; with 0, the part is left out. */
  counts: { sample: number; usual: number; long: number }
  /** `gpu`: WebGPU in Node (src/cli/node/node-gpu.ts). `page`: the built page and a browser. Absent: the processor alone; such parts run side by side. */
  needs?: 'gpu' | 'page'
  run(options: EndureOptions): Promise<EndureResult>
}
