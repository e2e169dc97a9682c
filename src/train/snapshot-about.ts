// What a snapshot says about itself: the run that it belongs to, the kernels that computed it, how far training was, and where its tensors are.
import * as v from 'valibot'
import { FormatError } from '../config/errors'
import { stepFigureKeys } from '../config/figures'
import { say } from '../config/phrase'
import { type Tile, tiles } from '../gpu/profile'

const number = v.number()
const count = v.pipe(number, v.integer(), v.minValue(0))
const shape = v.array(count)
const settings = v.record(v.string(), v.union([number, v.boolean(), v.string()]))

/** JSON has no infinity. It becomes null there. */
const rows = v.pipe(
  v.nullable(number),
  v.transform((value) => value ?? Infinity),
)

const matrices = v.object({
  factors: v.picklist(['f16', 'f32']),
  m: count,
  n: count,
  k: count,
  rows: count,
  lanes: count,
  pinned: v.boolean(),
})

const profile = v.object({
  software: v.boolean(),
  f16: v.optional(v.boolean()),
  lanes: v.picklist([1, 64]),
  matmul: v.picklist(['register', 'quad', 'octet', 'tiled']),
  unpackRows: rows,
  largeTile: v.custom<Tile>((input) => tiles.some((tile) => JSON.stringify(tile) === JSON.stringify(input))),
  largeTiles: number,
  matrices: v.optional(v.object({ exact: v.optional(matrices), fast: v.optional(matrices) })),
  busyGroups: number,
  attention: v.picklist(['plain', 'quad', 'tiled']),
  attentionRows: v.picklist([1, 4]),
  logitBytes: number,
  maxBindingBytes: number,
  maxBufferBytes: number,
})

const tensor = v.object({ name: v.string(), shape, part: v.string(), at: count })

const schema = v.object({
  version: v.literal(1),
  origin: v.object({
    method: v.string(),
    settings,
    training: settings,
    /** What the run does otherwise so that it fits; absent in snapshots of older versions. */
    fit: v.optional(v.object({ atOnce: v.optional(count), paged: v.optional(v.boolean()) })),
    /** The tensors of the adapter that the run started from; absent for a new adapter. */
    start: v.optional(v.array(v.object({ name: v.string(), shape }))),
    model: v.object({ name: v.string(), base: v.string(), fingerprint: v.string() }),
    data: v.object({ name: v.string(), rows: count, fingerprint: v.string() }),
    /** The form of the prompts and the end tokens, for the adapter's file. */
    asking: v.unknown(),
  }),
  kernels: v.object({ adapter: v.string(), shaders: v.string(), profile }),
  state: v.object({
    step: count,
    totalTokens: number,
    measuredAt: v.optional(count),
    elapsedMs: number,
    figures: v.partial(v.object(v.entriesFromList(stepFigureKeys, number))),
  }),
  /** Peak of the bytes on the GPU so far. */
  peakGpuBytes: number,
  /** Checksum of the places of all parameters and states. */
  layout: v.string(),
  /** The tensors of the adapter at this step. */
  tensors: v.array(tensor),
  /** The keys of the rows of numbers, by the names of their parts. */
  columns: v.record(v.string(), v.array(v.string())),
})

export type SnapshotAbout = v.InferOutput<typeof schema>
/** The tensors that a run started from. */
export type Start = NonNullable<Origin['start']>
/** How far training was. */
export type TrainerState = SnapshotAbout['state']
/** The run that a snapshot belongs to. */
export type Origin = SnapshotAbout['origin']
/** The kernels that computed it. */
export type Kernels = SnapshotAbout['kernels']
/** Where a tensor of the adapter is: in which part, and from which byte on. */
export type PlacedTensor = SnapshotAbout['tensors'][number]

/** @throws FormatError if another version wrote it, or if it is damaged */
export function parseAbout(about: unknown): SnapshotAbout {
  const found = v.safeParse(schema, about)
  if (found.success) return found.output
  const [{ message, path = [] }] = found.issues
  throw new FormatError(
    say`snapshot: expected one of this version of TabTune, got another (${path.map(({ key }) => String(key)).join('.') || say`all of it`}: ${message}). Resume with the version that wrote it, or start the run again.`,
  )
}
